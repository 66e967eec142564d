import type { Host } from './host.js'
import type { TcpFields, TcpOptions } from './scene-packet.js'

/** An end of a connection: `client` sent the SYN; or the host itself, which is clearer for active data connections. */
export type Who = 'client' | 'server' | Host

/** Text is sent as UTF-8; a number is a length in bytes of a pattern. */
export type Data = string | Uint8Array | number

export interface PathOptions {
  /** Round trip in milliseconds; default from the hosts' distances. */
  rtt?: number
  /** Where on the path the capture was taken; default from the hosts' distances. */
  capturedAt?: 'client' | 'server' | 'middle'
  /** Initial sequence numbers of client and server. */
  initialSequences?: readonly [number, number]
}

export interface ConnectOptions extends PathOptions {
  /** False when the capture began later: nothing of the handshake is in it. */
  captured?: boolean
  /** SYNs sent until one is answered, 1, 3, 7 s after the first. */
  attempts?: number
  /** Milliseconds before the first SYN; default 0.1. */
  think?: number
}

export interface SendOptions {
  /** Milliseconds before the sender acts; default below 1. */
  think?: number
  /** False: the peer receives it, but no acknowledgment of its own is captured. */
  ack?: boolean
  /** False: the packets were sent, but not captured. */
  captured?: boolean
  /** False: captured, then lost on the way to the peer. */
  delivered?: boolean
  /** Largest payload of a segment; default the peer's MSS. */
  segment?: number
  /** FIN on the last segment. */
  fin?: boolean
}

export interface RawPacket extends Partial<Omit<TcpFields, 'options'>> {
  from: Who
  payload?: Data
  options?: TcpOptions
  hopLimit?: number
  identification?: number
  dontFragment?: boolean
  think?: number
}
