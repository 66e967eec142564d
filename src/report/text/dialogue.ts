import type { ExchangeReport, SessionReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { endpoint } from './endpoint.js'
import { millisecondsBetween } from './time.js'
import { bytes, duration } from './units.js'
import { hang } from './wrap.js'

/** Everything that the control connection said, and each data connection, for a session that was asked for by its id. */
export function* dialogue(session: SessionReport, { width, style }: ReportOptions): Iterable<string> {
  const frameWidth = String(session.lastFrame).length + 1
  const line = (frame: number, time: string, mark: string, text: string): string[] => {
    const at = duration(millisecondsBetween(session.start, time))
    const lead = `   ${`#${frame}`.padEnd(frameWidth)}  ${at.padStart(TIME_WIDTH)}  ${mark} `
    return hang(style.faint(lead), lead.length, text, width)
  }
  if (session.exchanges.length > 0) yield style.heading('   Control connection')
  for (const exchange of session.exchanges) {
    if (exchange.command !== null) yield* line(exchange.frame, exchange.time, '>', commandLine(exchange))
    for (const reply of exchange.replies) {
      yield* line(reply.frame, reply.time, '<', `${String(reply.code).padStart(3, '0')} ${reply.text}`)
    }
  }
  if (session.dataChannels.length > 0) yield style.heading('   Data connections')
  for (const channel of session.dataChannels) yield* hang(`   ${channel.id}  `, 6, channelLine(channel), width)
}

const TIME_WIDTH = 9

function commandLine({ command, argument }: ExchangeReport): string {
  return argument === null ? command! : `${command!} ${argument}`
}

function channelLine({
  mode,
  verb,
  from,
  to,
  state,
  connection,
  transfer,
}: SessionReport['dataChannels'][number]): string {
  const ends = `${partial(from)} → ${partial(to)}`
  const facts = [`${verb ?? mode} ${ends}: ${state}`]
  if (connection) facts.push(`tcp.stream ${connection.tcpStream}, ${bytes(connection.bytes)}`)
  if (transfer) {
    const path = transfer.path === null ? '' : ` ${transfer.path}`
    facts.push(`${transfer.command}${path}: ${transfer.outcome}${transfer.reply ? ` (${transfer.reply.code})` : ''}`)
  }
  return facts.join('; ')
}

function partial({ address, port }: { address: string | null; port: number | null }): string {
  if (address !== null && port !== null) return endpoint({ address, port })
  return address ?? (port === null ? '?' : `port ${port}`)
}
