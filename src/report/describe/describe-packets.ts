import type { Clock } from '../../capture/time.js'
import { icmpText } from '../../diagnose/words/evidence.js'
import type { ControlTls } from '../../ftp/model.js'
import { alertName } from '../../diagnose/facts/tls.js'
import { type Connection, Direction, type Flow, isUnanswered, type Sighting } from '../../tcp/connection.js'
import type { PacketKindReport, PacketReport } from '../contract.js'

/**
 * The packets of a connection that show what happened on it, in the order of their frames: handshake, first and last
 * data, retransmissions, zero windows, close, ICMP errors, and TLS in the clear. Bounded: a few of each kind.
 * `clientDirection` is the direction in which the FTP client sends; `forged` are frames of RSTs that were not sent by
 * the host whose address they carry.
 */
export function describePackets(
  connection: Connection,
  clientDirection: Direction,
  clock: Clock,
  forged: ReadonlySet<number>,
  tls: ControlTls | null = null,
): PacketReport[] {
  const packets: PacketReport[] = []
  const add = (
    at: Sighting,
    from: PacketReport['from'],
    kind: PacketKindReport,
    lost = false,
    note: string | null = null,
  ): void => {
    packets.push({ frame: at.frame, time: clock.iso(at.time), from, kind, note, lost })
  }
  const sender = (direction: Direction) => (direction === clientDirection ? 'client' : 'server')
  const initiator = sender(Direction.FromInitiator)
  const responder = sender(Direction.FromResponder)

  const answered = answerTo(connection)
  const { syns, synAcks } = connection
  for (let index = 0; index < syns.length; index++) {
    const next = syns[index + 1]
    add(syns[index]!, initiator, 'syn', answered === null || (next !== undefined && next.time <= answered.time))
  }
  for (let index = 0; index < synAcks.length; index++)
    add(synAcks[index]!, responder, 'syn-ack', index + 1 < synAcks.length || connection.established === null)
  if (connection.established) add(connection.established, initiator, 'ack')
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    const flow = connection.flows[direction]
    const from = sender(direction)
    if (flow.firstData) add(flow.firstData, from, 'first-data')
    if (flow.lastData && flow.lastData.frame !== flow.firstData?.frame) add(flow.lastData, from, 'last-data')
    for (const retransmitted of flow.retransmitted)
      add(retransmitted, from, 'retransmission', neverArrived(flow, retransmitted))
    if (flow.firstShut) add(flow.firstShut, from, 'zero-window')
    if (flow.fin) add(flow.fin, from, 'fin')
  }
  for (const reset of connection.resets) {
    add(reset, sender(reset.direction), 'rst')
    if (forged.has(reset.frame)) packets.at(-1)!.forged = true
  }
  for (const error of connection.icmpErrors) {
    const { version, type, code, from } = error
    const description = icmpText(error)
    add(error, 'network', 'icmp', false, `${description}, from ${from}`)
    packets.at(-1)!.icmp = { version, type, code, description, from }
  }
  if (tls?.clientHello) add(tls.clientHello, 'client', 'client-hello')
  if (tls?.serverHello) add(tls.serverHello, 'server', 'server-hello')
  for (const alert of tls?.alerts ?? [])
    add(
      alert,
      sender(alert.direction),
      'alert',
      false,
      alert.description === null ? null : alertName(alert.description),
    )
  // Packets of one frame stay in the order in which their kinds were added. They are few: sorted in place.
  for (let index = 1; index < packets.length; index++) {
    const packet = packets[index]!
    let at = index
    for (; at > 0 && packets[at - 1]!.frame > packet.frame; at--) packets[at] = packets[at - 1]!
    packets[at] = packet
  }
  return packets
}

/** The first answer to a SYN: SYN,ACK, RST or an ICMP error; `null` if the capture shows none. */
function answerTo(connection: Connection): Sighting | null {
  if (!isUnanswered(connection)) return connection.synAcks[0] ?? connection.established
  const refusals = [
    ...connection.resets.filter((reset) => reset.answersSyn),
    ...connection.icmpErrors.filter((error) => error.quotesSyn),
  ]
  return refusals.sort((a, b) => a.time - b.time)[0] ?? null
}

/** A retransmission of the segment that the peer was still waiting for at the end. */
function neverArrived({ stuck, acknowledged }: Flow, at: Sighting): boolean {
  if (stuck === null || acknowledged > stuck.offset) return false
  return at.frame >= stuck.first.frame && at.frame <= stuck.last.frame
}
