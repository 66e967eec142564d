import type { Endpoint, Sighting } from '../../tcp/connection.js'
import type { Technique } from './probe-sign.js'

/** Connections to control ports that are no FTP session of a user, by who caused them. */
export interface Scanner {
  /**
   * `scan`: a host looks for open ports. `health-check`: a host asks again and again whether a server answers.
   * `syn-flood`: SYNs to one server that nobody completes. `reflection`: answers to SYNs that carried the address of a
   * victim. `backscatter`: a server's answers to such SYNs, seen at the addresses that these carried.
   */
  kind: 'scan' | 'health-check' | 'syn-flood' | 'reflection' | 'backscatter'
  /** Who probes, or the victim of a reflection; `null` for a flood and its backscatter, which have many addresses. */
  address: string | null
  /** The server of a flood or of backscatter, or the only one that was probed; `null` for several. */
  target: Endpoint | null
  techniques: Technique[]
  /** Connections to control ports that are no sessions. */
  connections: number
  /** Of a health check: those that were refused or not answered. */
  failed: number
  /** Other addresses than that of the server that took part in a flood. */
  sources: number
  /** Hosts, and ports of them counted host by host, to which a scanner sent anything without a dialogue. */
  hosts: number
  ports: number
  /** Of these ports, those of FTP that accepted a connection. */
  ftp: number
  first: Sighting
  last: Sighting
}

/** Connections to a control port between a client and a server of another protocol. */
export interface OtherTraffic {
  /** "HTTP", "SMTP", "TLS" … */
  protocol: string
  server: Endpoint
  /** The address of the only client; `null` for several. */
  client: string | null
  clients: number
  connections: number
  first: Sighting
  last: Sighting
}

/** What a capture shows at control ports besides sessions. */
export interface OtherActivity {
  scanners: Scanner[]
  otherTraffic: OtherTraffic[]
  /** Hosts and connections that are not listed, since the lists are full. */
  unlisted: { hosts: number; connections: number }
}

/** A period that grows. */
export interface Span {
  connections: number
  first: Sighting
  last: Sighting
}

export function beginSpan(first: Sighting, last: Sighting): Span {
  return { connections: 1, first: { ...first }, last: { ...last } }
}

/** Sessions are judged in the order of their ends. */
export function extendSpan(span: Span, first: Sighting, last: Sighting): void {
  span.connections++
  if (first.frame < span.first.frame) span.first = { ...first }
  if (last.frame > span.last.frame) span.last = { ...last }
}
