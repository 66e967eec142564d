import type { PacketKindReport } from '../contract.js'

/** Where an arrow begins or ends. The middlebox may be a NAT, a firewall, a router, or just the network. */
export type Place = 'client' | 'middlebox' | 'server'

export type RowKind = 'command' | 'reply' | 'announcement' | PacketKindReport

/** One arrow: a packet, or a line of the dialogue. */
export interface LadderRow {
  frame: number
  /** ISO 8601. */
  time: string
  channel: 'control' | 'data'
  /** `id` of the data channel that the packet belongs to, or that the line of the dialogue concerns. */
  dataChannel: number | null
  from: Place
  /** How far it is known to have gone: to the middlebox, if it was lost on the path. */
  to: Place
  /** Text from the wire, as it came. */
  label: string
  /** The capture shows no answer: the packet or its answer did not arrive. */
  lost: boolean
  kind: RowKind
  /** Evidence of the finding that the verdict names as cause. */
  proof: boolean
  /** Rows that were omitted just before this one. */
  skipped: number
}

export interface LadderMiddlebox {
  /** What is known of it: `network` if packets were lost and nothing shows where. */
  name: 'NAT' | 'firewall' | 'router' | 'network'
  /** Of a single router that sent ICMP errors. */
  address: string | null
}

/**
 * Both channels of a session as arrows between client, middlebox and server, from top to bottom in the order of frames.
 */
export interface Ladder {
  client: string
  /** `null` where the packets show none. */
  middlebox: LadderMiddlebox | null
  server: string
  rows: LadderRow[]
}
