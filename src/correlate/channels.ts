import { type Announcement, type Dialogue, type TransferCommand, hiddenFrom } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { ContentOf } from './content/data-content.js'
import { dataHead } from './data-head.js'
import {
  type Answer,
  type Answers,
  chosenAnswer,
  Fit,
  fitsUnannounced,
  fitsUnread,
  hasDataPorts,
  matchOf,
} from './fit.js'
import type { ChannelState, DataChannel, Transfer } from './model.js'
import { buildTransfer, failureOf, finalReply, isOpen } from './transfers.js'

/**
 * One data channel for each announcement, in order, then one for each transfer command or unexplained connection
 * without one. `unexplained` are the other connections between the same hosts during the session.
 */
export function buildChannels(
  control: Connection,
  dialogue: Dialogue,
  answers: Answers,
  unexplained: readonly Connection[],
  contentOf: ContentOf,
): DataChannel[] {
  const channels: DataChannel[] = []
  const transfers = new Map<Announcement, TransferCommand[]>()
  for (const transfer of dialogue.transfers) {
    if (!transfer.announcement) continue
    const list = transfers.get(transfer.announcement)
    if (list) list.push(transfer)
    else transfers.set(transfer.announcement, [transfer])
  }
  const free = [...unexplained].sort((a, b) => a.first.frame - b.first.frame)
  for (const [index, announcement] of dialogue.announcements.entries()) {
    const next = dialogue.announcements[index + 1]?.exchange.time ?? Infinity
    const answered = answers.get(announcement) ?? []
    const found = answered.length > 0 ? answered : takeUnread(free, announcement, control, next)
    const commands = transfers.get(announcement) ?? []
    channels.push(announcedChannel(control, announcement, commands[0] ?? null, found, contentOf))
    // A PORT that serves several transfers: each has a connection of its own, in order.
    for (const command of commands.slice(1)) {
      channels.push(announcedChannel(control, announcement, command, laterThan(found, command), contentOf))
    }
  }
  for (const command of dialogue.transfers) {
    if (command.announcement) continue
    channels.push(bareChannel(control, command, takeFitting(free, command, control), contentOf))
  }
  // TLS hides announcements, and so does what the capture lacks of the dialogue: of that only failures say something.
  const opaqueSince = hiddenFrom(dialogue)?.time ?? Infinity
  const lossy = isLossy(control)
  for (const connection of free) {
    const failed = lossy && !isOpen(connection) && hasDataPorts(connection, control)
    if (connection.first.time > opaqueSince || failed) channels.push(hiddenChannel(control, connection, contentOf))
  }
  channels.sort((a, b) => firstFrame(a) - firstFrame(b))
  channels.forEach((channel, index) => (channel.id = index + 1))
  return channels
}

function announcedChannel(
  control: Connection,
  announcement: Announcement,
  command: TransferCommand | null,
  answers: readonly Answer[],
  contentOf: ContentOf,
): DataChannel {
  const passive = announcement.mode === 'passive'
  const initiator = passive ? control.initiator : control.responder
  const listener = passive ? control.responder : control.initiator
  const chosen = chosenAnswer(answers)
  const connection = chosen?.connection ?? null
  const read = readOf(connection, contentOf)
  const transfer = command ? buildTransfer(command, announcement.mode, connection, read) : null
  return {
    id: 0,
    announcement,
    mode: announcement.mode,
    from: connection ? { ...connection.initiator } : { address: initiator.address, port: null },
    to: connection
      ? { ...connection.responder }
      : { address: announcement.address ?? listener.address, port: announcement.port },
    state: announcement.refused ? 'rejected' : connection ? channelState(connection, transfer) : 'not-attempted',
    match: chosen ? matchOf(chosen, announcement) : 'none',
    connection,
    fromOtherHosts: answers
      .filter((answer) => answer !== chosen && answer.fit === Fit.AddressOnly)
      .map((answer) => answer.connection),
    ...read,
    transfer,
  }
}

/**
 * A transfer without announcement: default data port (RFC 959 §3.2), or an announcement that the capture does not show.
 */
function bareChannel(
  control: Connection,
  command: TransferCommand,
  connection: Connection | null,
  contentOf: ContentOf,
): DataChannel {
  const mode = connection?.initiator.address === control.initiator.address ? 'passive' : 'active'
  const read = readOf(connection, contentOf)
  const transfer = buildTransfer(command, mode, connection, read)
  return {
    id: 0,
    announcement: null,
    mode,
    from: connection ? { ...connection.initiator } : { address: control.responder.address, port: null },
    to: connection ? { ...connection.responder } : { address: control.initiator.address, port: null },
    state: connection ? channelState(connection, transfer) : 'not-attempted',
    match: 'none',
    connection,
    fromOtherHosts: [],
    ...read,
    transfer,
  }
}

/** The connection that most likely answers an announcement of which the capture lacks the port, out of `free`. */
function takeUnread(free: Connection[], announcement: Announcement, control: Connection, next: number): Answer[] {
  const { port, malformed, refused, reply, cutPorts, mode } = announcement
  if (port !== null || malformed !== null || refused) return []
  if (cutPorts === null && (mode === 'active' || reply !== null)) return []
  const at = free.findIndex((connection) => fitsUnread(connection, announcement, control, next))
  return at < 0 ? [] : [{ connection: free.splice(at, 1)[0]!, fit: Fit.InitiatorOnly }]
}

/** The capture lacks bytes of the control connection. */
function isLossy({ flows }: Connection): boolean {
  return flows.some((flow) => flow.missingBytes > 0 || flow.snappedBytes > 0 || flow.aheadBytes > 0)
}

/** A connection during a session whose announcements TLS hides. */
function hiddenChannel(control: Connection, connection: Connection, contentOf: ContentOf): DataChannel {
  return {
    id: 0,
    announcement: null,
    mode: connection.initiator.address === control.initiator.address ? 'passive' : 'active',
    from: { ...connection.initiator },
    to: { ...connection.responder },
    state: channelState(connection, null),
    match: 'none',
    connection,
    fromOtherHosts: [],
    ...readOf(connection, contentOf),
    transfer: null,
  }
}

/** What the payload of a connection shows. */
function readOf(connection: Connection | null, contentOf: ContentOf): Pick<DataChannel, 'head' | 'tls' | 'content'> {
  if (!connection) return { head: null, tls: null, content: null }
  const { tls = null, content = null } = contentOf(connection) ?? {}
  return { head: dataHead(connection, content), tls, content }
}

function channelState(connection: Connection, transfer: Transfer | null): ChannelState {
  if (!isOpen(connection)) return failureOf(connection)
  const reply = transfer ? finalReply(transfer.command) : null
  const empty = connection.flows[0].end === 0 && connection.flows[1].end === 0
  return empty && connection.closed && reply !== null && reply.code >= 400 ? 'closed-early' : 'established'
}

function laterThan(answers: readonly Answer[], command: TransferCommand): Answer[] {
  return answers.filter(({ connection }) => connection.first.time >= command.exchange.time)
}

/** Takes the connection that a transfer without announcement most likely used out of `free`. */
function takeFitting(free: Connection[], command: TransferCommand, control: Connection): Connection | null {
  const at = free.findIndex((connection) => fitsUnannounced(connection, command, control))
  return at < 0 ? null : free.splice(at, 1)[0]!
}

function firstFrame(channel: DataChannel): number {
  const announced = channel.announcement?.exchange.frame
  const asked = channel.transfer?.command.exchange.frame
  return Math.min(
    announced ?? Infinity,
    asked ?? Infinity,
    announced === undefined ? (channel.connection?.first.frame ?? Infinity) : Infinity,
  )
}
