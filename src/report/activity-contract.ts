/** Of the contract: what control ports saw besides sessions. */
import type { Scanner } from '../correlate/probes/activity.js'
import type { EndpointReport } from './contract.js'

export interface ScannerReport {
  kind: Scanner['kind']
  /** The host that probes, or the victim of a reflection; `null` for a flood and its backscatter. */
  address: string | null
  /** The server of a flood or backscatter, or the only one that was probed; `null` for several. */
  target: EndpointReport | null
  /** How it probed. */
  techniques: Scanner['techniques']
  /** Connections to control ports that are no sessions. */
  connections: number
  /** Of a health check: those that were refused or not answered. */
  failed: number
  /** Addresses of the other side of a flood, of which most are forged. */
  sources: number
  /** Hosts that it probed, and ports of them, counted host by host. */
  hosts: number
  ports: number
  /** FTP ports among these that accepted a connection. */
  ftp: number
  firstFrame: number
  lastFrame: number
  start: string
  end: string
  /** "203.0.113.9 probed 1,204 ports of 3 hosts; 3 are FTP" */
  sentence: string
}

export interface OtherTrafficReport {
  protocol: string
  server: EndpointReport
  /** The only client; `null` for several. */
  client: string | null
  clients: number
  connections: number
  firstFrame: number
  lastFrame: number
  start: string
  end: string
  /** "5 connections from 10.0.0.5 to 10.0.0.9:21 are HTTP, without an FTP client" */
  sentence: string
}
