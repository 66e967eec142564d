import type { DataChannelReport, SessionReport } from '../contract.js'

const SENDER = /,? from (\S+)$/

/** Who sent an ICMP error, from the note of its packet. */
export function icmpSender(note: string | null): string | null {
  return SENDER.exec(note ?? '')?.[1] ?? null
}

/** What the error says, without its sender. */
export function icmpError(note: string): string {
  return note.replace(SENDER, '')
}

/** Hosts besides client and server that sent ICMP errors about the session. */
export function routersOf({ client, server, control, dataChannels }: SessionReport): string[] {
  const packets = [...control.packets, ...dataChannels.flatMap(({ connection }) => connection?.packets ?? [])]
  const senders = new Set(packets.flatMap(({ kind, note }) => (kind === 'icmp' ? (icmpSender(note) ?? []) : [])))
  return [...senders].filter((sender) => sender !== client.address && sender !== server.address)
}

/** An ICMP error goes back to the sender of what it quotes: whoever dialled, or for a packet that was too big, whoever sent data. */
export function icmpTarget(note: string | null, channel: DataChannelReport | null): 'client' | 'server' {
  if (!channel) return 'client'
  if (/too big|fragmentation/.test(note ?? '')) return channel.transfer?.direction === 'upload' ? 'client' : 'server'
  return channel.mode === 'active' ? 'server' : 'client'
}
