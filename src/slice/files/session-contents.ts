import type { DataChannel, Session } from '../../correlate/model.js'
import { isOpen, payloadDirection } from '../../correlate/transfers.js'
import {
  type Exchange,
  finalReply,
  type FileStructure,
  type TransferCommand,
  type TransferMode,
} from '../../ftp/model.js'
import type { Connection } from '../../tcp/connection.js'
import { Direction } from '../../tcp/connection.js'

/** What the data connections of a session carried. Plain values: the session itself is not kept. */
export interface SessionContents<Content> {
  firstFrame: number
  channels: ChannelContent<Content>[]
}

/** One direction of a data connection. */
export interface ChannelContent<Content> {
  /** Id of its data channel. */
  channel: number
  content: Content | null
  firstFrame: number
  mode: TransferMode
  structure: FileStructure
  /** The offset of REST is known, or there was none. */
  restartKnown: boolean
  /** Size of the file before APPE, as the server stated it; `null` if unknown. */
  sizeBefore: number | null
  /** The name that the server chose (STOU); `null` if it chose none. */
  chosenName: string | null
  /** How its sender ended it: FIN, or close_notify under TLS. */
  ended: { fin: boolean; closeNotify: boolean; reset: boolean }
  /** Its first packets may be missing. */
  midstream: boolean
  /** Under TLS: nothing was decrypted, or not all of it. */
  undecrypted: 'all' | 'part' | null
}

/** `take` gives what was kept of a direction, if anything was. */
export function sessionContents<Content>(
  session: Session,
  take: (connection: Connection, direction: Direction) => Content | null,
): SessionContents<Content> {
  const channels = session.channels.flatMap((channel) => {
    const { connection, transfer, mode } = channel
    if (!connection || !isOpen(connection)) return []
    if (transfer) {
      const direction = payloadDirection(transfer.command, mode)
      return described(session, channel, connection, direction, take(connection, direction))
    }
    return [Direction.FromInitiator, Direction.FromResponder].flatMap((direction) => {
      const content = take(connection, direction)
      return content ? described(session, channel, connection, direction, content) : []
    })
  })
  return { firstFrame: session.control.first.frame, channels }
}

function described<Content>(
  { dialogue }: Session,
  { id, transfer, tls, content: decrypted }: DataChannel,
  connection: Connection,
  direction: Direction,
  content: Content | null,
): ChannelContent<Content> {
  const command = transfer?.command ?? null
  const flow = connection.flows[direction]
  const known = decrypted?.flows[direction] ?? null
  return {
    channel: id,
    content,
    firstFrame: connection.first.frame,
    mode: command?.mode ?? 'stream',
    structure: command?.structure ?? 'file',
    restartKnown: command?.restartKnown ?? true,
    sizeBefore: command ? sizeBefore(command, dialogue.exchanges) : null,
    chosenName: command ? chosenName(command) : null,
    ended: {
      fin: flow.fin !== null,
      closeNotify: (known?.closeNotify ?? null) !== null,
      reset: connection.resetCount > connection.resetsOutside,
    },
    midstream: connection.midstream,
    undecrypted: tls === null || (known && known.bytes !== null && !known.cut) ? null : content ? 'part' : 'all',
  }
}

/** The last SIZE of that path (RFC 3659 §4) after which nothing was stored there. */
function sizeBefore({ exchange, path }: TransferCommand, exchanges: readonly Exchange[]): number | null {
  if (exchange.command !== 'APPE' || path === null) return null
  const before = exchanges.filter((each) => each.argument === path && each.streamStart < exchange.streamStart)
  const last = before.findLast(({ command }) => command === 'SIZE' || command === 'STOR' || command === 'APPE')
  if (last?.command !== 'SIZE') return null
  const reply = finalReply(last)
  const size = reply?.code === 213 ? /^\d{1,15}$/.exec(reply.text.trim())?.[0] : undefined
  return size === undefined ? null : Number(size)
}

/** `150 FILE: name` (RFC 1123 §4.1.2.9). */
function chosenName({ exchange }: TransferCommand): string | null {
  if (exchange.command !== 'STOU') return null
  for (const { text } of exchange.replies) {
    const name = /^\s{0,8}FILE: {0,8}(\S.{0,4095})$/im.exec(text)?.[1]
    if (name !== undefined) return name.trim()
  }
  return null
}
