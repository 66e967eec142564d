import { byteCount } from '../../bytes/byte-count.js'
import { endpointText } from '../../diagnose/words/evidence.js'
import type { DataChannelReport, PacketKindReport, PacketReport, SessionReport } from '../contract.js'
import { icmpTarget, routersOf } from './icmp.js'
import type { LadderRow, Place } from './model.js'

/** Packets of both channels. `dialogueFrames` are those with commands and replies. */
export function packetRows(session: SessionReport, dialogueFrames: ReadonlySet<number>): LadderRow[] {
  // A single router is named at the head of its lane.
  const named = routersOf(session).length === 1
  const rows: LadderRow[] = []
  const add = (packets: readonly PacketReport[], channel: DataChannelReport | null, target: string): void => {
    let again = false
    // A middlebox that refused the connection in place of the host is as far as a SYN got.
    const stopped =
      !packets.some(({ kind }) => kind === 'syn-ack') &&
      packets.some((packet) => refuses(packet) && ends(session, packet, channel).from === 'middlebox')
    for (const packet of packets) {
      const { frame, time, kind, lost } = packet
      // The control connection's data is its dialogue; it is shown as packets only if TLS hides the dialogue.
      if (!channel && isData(packet) && (session.exchanges.length > 0 || dialogueFrames.has(frame))) continue
      const { from, to } = ends(session, packet, channel)
      rows.push({
        frame,
        time,
        channel: channel ? 'data' : 'control',
        dataChannel: channel?.id ?? null,
        from,
        to: (lost && from !== 'middlebox' && !arrived(session, to)) || (kind === 'syn' && stopped) ? 'middlebox' : to,
        label:
          kind === 'syn'
            ? again
              ? 'SYN retransmission'
              : `SYN${target}`
            : label(packet, channel, named && from === 'middlebox'),
        lost,
        kind,
        proof: false,
        skipped: 0,
      })
      again ||= kind === 'syn'
    }
  }
  add(session.control.packets, null, ` to port ${session.server.port}`)
  for (const channel of session.dataChannels) {
    if (channel.connection) add(channel.connection.packets, channel, targetOf(session, channel))
  }
  return rows
}

/** Captured at the receiver, the packet did arrive: the answer is missing. */
function arrived({ vantage }: SessionReport, to: Place): boolean {
  return vantage.at === to && vantage.confidence !== 'low'
}

function isData({ kind }: PacketReport): boolean {
  return kind === 'first-data' || kind === 'last-data'
}

function refuses({ kind }: PacketReport): boolean {
  return kind === 'rst' || kind === 'icmp'
}

/**
 * ` to ` the address and port of the SYN, and ` from ` its sender, if that is not the other end of the control
 * connection.
 */
function targetOf(session: SessionReport, { from, to, mode, match }: DataChannelReport): string {
  const [initiator, peer] = mode === 'passive' ? [session.client, session.server] : [session.server, session.client]
  const fromOther = from.address === initiator.address ? '' : ` from ${from.address}`
  if (to.port === null) return fromOther
  const address = match === 'control-address' ? peer.address : to.address
  if (address === null) return `${fromOther} to port ${to.port}`
  return `${fromOther} to ${endpointText(address, to.port)}`
}

function ends(
  session: SessionReport,
  { from, kind, icmp, forged }: PacketReport,
  channel: DataChannelReport | null,
): { from: Place; to: Place } {
  if (from === 'network') {
    const to = icmp ? icmpTarget(icmp, channel) : 'client'
    const peer = opposite(to)
    return { from: icmp?.from === session[peer].address ? peer : 'middlebox', to }
  }
  const to = opposite(from)
  return kind === 'rst' && forged ? { from: 'middlebox', to } : { from, to }
}

function opposite(place: 'client' | 'server'): 'client' | 'server' {
  return place === 'client' ? 'server' : 'client'
}

const WORDS: Record<Exclude<PacketKindReport, 'syn'>, string> = {
  'syn-ack': 'SYN, ACK',
  ack: 'ACK',
  'first-data': 'first data',
  'last-data': 'last data',
  retransmission: 'retransmission',
  'zero-window': 'window 0',
  fin: 'FIN',
  rst: 'RST',
  icmp: 'ICMP',
  'client-hello': 'TLS ClientHello',
  'server-hello': 'TLS ServerHello',
  alert: 'TLS alert',
}

function label({ kind, note, icmp }: PacketReport, channel: DataChannelReport | null, senderIsNamed: boolean): string {
  const words = WORDS[kind as keyof typeof WORDS]
  if (note !== null) return `${words} ${icmp && senderIsNamed ? icmp.description : note}`
  return kind === 'last-data' && channel?.connection
    ? `${words}, ${byteCount(channel.connection.bytes)} in total`
    : words
}
