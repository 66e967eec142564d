import type { DataChannelReport, ExchangeReport, SessionReport } from '../contract.js'
import { type FileFrames, shortName } from '../place/file-frames.js'
import { streamNumber } from '../place/stream-number.js'
import type { TextContext } from './context.js'
import { inferredWords } from '../inferred-words.js'
import { partialEndpoint } from './partial-endpoint.js'
import { printable } from './printable.js'
import { millisecondsBetween } from './time.js'
import { transferName } from './transfer-lines.js'
import { bytes, duration, plural } from './units.js'
import { hang } from './wrap.js'

/** The whole dialogue on the control connection, and each data connection, for a session requested by id. */
export function* dialogue(raw: SessionReport, { width, style, frames }: TextContext): Iterable<string> {
  const session = printable(raw)
  const frameWidth = String(session.lastFrame).length + 1
  let file: string | null = null
  const line = (frame: number, time: string, mark: string, text: string): string[] => {
    const local = frames.local(frame)
    const change = local && local.file !== file ? [style.faint(`   ${shortName(local.file)}`)] : []
    file = local?.file ?? null
    const at = duration(millisecondsBetween(session.start, time))
    const lead = `   ${`#${local?.frame ?? frame}`.padEnd(frameWidth)}  ${at.padStart(TIME_WIDTH)}  ${mark} `
    return [...change, ...hang(style.faint(lead), lead.length, text, width)]
  }
  yield ''
  if (session.exchanges.length > 0) yield style.heading('   Control connection')
  for (const exchange of session.exchanges) {
    if (exchange.command !== null) yield* line(exchange.frame, exchange.time, '>', commandLine(exchange))
    for (const reply of exchange.replies) {
      const text = `${String(reply.code).padStart(3, '0')} ${reply.text}${reply.cut ? CUT : ''}`
      yield* line(reply.frame, reply.time, '<', text)
    }
  }
  const inferred = session.inferredExchanges ?? []
  if (inferred.length > 0) yield style.heading('   Under TLS, inferred from the lengths of records')
  for (const each of inferred)
    yield* line(each.frame, each.time, each.direction === 'client' ? '>' : '<', inferredWords(each))
  if (session.dataChannels.length > 0) yield style.heading('   Data connections')
  for (const channel of session.dataChannels) {
    yield* hang(`   ${channel.id}  `, 6, channelLine(channel, session, frames), width)
  }
}

const TIME_WIDTH = 9

/** The capture has no more of a line. */
const CUT = ' […]'

function commandLine({ command, argument, cut }: ExchangeReport): string {
  const line = argument === null ? command! : `${command!} ${argument}`
  return cut ? line + CUT : line
}

function channelLine(channel: DataChannelReport, session: SessionReport, frames: FileFrames): string {
  const { mode, verb, from, to, state, match, connection, transfer } = channel
  const facts = [`${verb ?? mode} ${partialEndpoint(from)} → ${partialEndpoint(to)}: ${state}${MATCHES[match]}`]
  if (connection) {
    const { attempts, rttMs, retransmissions, missingBytes } = connection
    facts.push(`tcp.stream ${streamNumber(session, connection, frames)}, ${bytes(connection.bytes)}`)
    if (attempts > 1) facts.push(`${attempts} SYNs`)
    if (rttMs !== null) facts.push(`round-trip time ${duration(rttMs)}`)
    if (retransmissions > 0) facts.push(`${plural(retransmissions, 'segment')} retransmitted`)
    if (missingBytes > 0) facts.push(`${bytes(missingBytes)} missing`)
  }
  if (transfer) {
    const { outcome, reply, durationMs, bytesPerSecond, expectedBytes } = transfer
    const expected = expectedBytes === null ? '' : ` of ${bytes(expectedBytes)}`
    const speed = bytesPerSecond === null ? '' : `, ${bytes(bytesPerSecond)}/s`
    const took =
      durationMs === null ? '' : `, ${bytes(transfer.bytes ?? 0)}${expected} in ${duration(durationMs)}${speed}`
    facts.push(`${transferName(transfer)}: ${outcome}${reply ? ` (${reply.code})` : ''}${took}`)
  }
  return facts.join('; ')
}

const MATCHES: Record<DataChannelReport['match'], string> = {
  announced: '',
  none: '',
  translated: ' (address translated)',
  'control-address': " (to the control connection's address instead)",
}
