import type { PacketKindReport } from '../contract.js'

/** Where an arrow begins or ends. The box is whatever stands between: address translator, firewall, router, or just the network. */
export type Place = 'client' | 'box' | 'server'

export type RowKind = 'command' | 'reply' | 'announcement' | PacketKindReport

/** One arrow: a packet, or a line of the dialogue. */
export interface LadderRow {
  frame: number
  /** ISO 8601. */
  time: string
  channel: 'control' | 'data'
  /** `id` of the data channel that the packet belongs to, or that the line of the dialogue is about. */
  dataChannel: number | null
  from: Place
  /** Where it was last seen to go: the box, if it was lost on the way. */
  to: Place
  /** Text from the wire, as it came. */
  label: string
  /** The capture shows no answer: it, or its answer, did not arrive. */
  lost: boolean
  kind: RowKind
  /** Evidence of the finding that the verdict names as cause. */
  proof: boolean
  /** Rows that were left out just before this one. */
  skipped: number
}

export interface Box {
  /** What is known of it: `network` where packets were lost and nothing tells where. */
  name: 'NAT' | 'firewall' | 'router' | 'network'
  /** Of a single router that sent ICMP errors. */
  address: string | null
}

/** Both channels of a session as arrows between client, box and server, from top to bottom in the order of frames. */
export interface Ladder {
  client: string
  /** `null` where the packets show none. */
  box: Box | null
  server: string
  rows: LadderRow[]
}
