/** The part of the contract about single packets. */

export type PacketKindReport =
  | 'syn'
  | 'syn-ack'
  /** The acknowledgment that ends the handshake. */
  | 'ack'
  | 'first-data'
  | 'last-data'
  | 'retransmission'
  /** The sender's receive window is shut. */
  | 'zero-window'
  | 'fin'
  | 'rst'
  | 'icmp'
  | 'client-hello'
  | 'server-hello'
  | 'alert'

/**
 * A packet that shows what happened on its connection, in the order of frames; a few of each kind. Commands and replies
 * are exchanges.
 */
export interface PacketReport {
  frame: number
  time: string
  /** In terms of FTP; `network` for an ICMP error. */
  from: 'client' | 'server' | 'network'
  kind: PacketKindReport
  /** The ICMP error and its sender, or the TLS alert; `null` if the kind is sufficient. */
  note: string | null
  /** The capture shows no answer: the packet or its answer did not arrive. */
  lost: boolean
  /** Only for a RST that, according to a finding, was not sent by the host whose address it carries. */
  forged?: true
  /** Only for an ICMP error. */
  icmp?: IcmpReport
}

export interface IcmpReport {
  version: 4 | 6
  type: number
  code: number
  /** Its type and code in words: "host administratively prohibited". */
  description: string
  /** Address of its sender. */
  from: string
}
