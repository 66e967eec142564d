import type { DataChannelReport, IcmpReport, SessionReport } from '../contract.js'

/** Hosts besides client and server that sent ICMP errors about the session. */
export function routersOf({ client, server, control, dataChannels }: SessionReport): string[] {
  const packets = [...control.packets, ...dataChannels.flatMap(({ connection }) => connection?.packets ?? [])]
  const senders = new Set(packets.flatMap(({ icmp }) => icmp?.from ?? []))
  return [...senders].filter((sender) => sender !== client.address && sender !== server.address)
}

/**
 * An ICMP error goes to the sender of the quoted packet: the initiator or, if a packet was too big, the sender of the
 * data.
 */
export function icmpTarget(icmp: IcmpReport, channel: DataChannelReport | null): 'client' | 'server' {
  if (!channel) return 'client'
  if (isTooBig(icmp)) return channel.transfer?.direction === 'upload' ? 'client' : 'server'
  return channel.mode === 'active' ? 'server' : 'client'
}

/** Fragmentation needed (RFC 792), packet too big (RFC 4443 §3.2). */
function isTooBig({ version, type, code }: IcmpReport): boolean {
  return version === 4 ? type === 3 && code === 4 : type === 2
}
