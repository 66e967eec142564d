import { AnomalyLog } from '../../bytes/anomaly.js'
import { decodeText } from '../../bytes/text.js'
import { icmpText } from '../../diagnose/words/evidence.js'
import { hideSecrets } from '../../ftp/secrets/hide-secrets.js'
import { ControlSession } from '../../ftp/session.js'
import type { Observation } from '../../paths/digest/observation.js'
import { TcpFlag } from '../../wire/packet.js'
import { plural } from '../text/units.js'
import { copiesOf, rowsInOrder } from './rows-in-order.js'

const LONGEST = 200

/** Texts of the packets of one connection, without its secrets. */
export class PacketWords {
  readonly #observation: Observation
  /** `null`: everything is shown. */
  readonly #hidden: ReadonlyMap<number, readonly string[]> | null

  /**
   * `isDialogue`: the connection is a control connection, whose passwords must not be shown. Of other connections, which
   * may carry anything, only lengths are.
   */
  constructor(observation: Observation, isDialogue: boolean, showSecrets: boolean) {
    this.#observation = observation
    this.#hidden = showSecrets ? null : isDialogue ? wordsWithoutSecrets(observation) : new Map()
  }

  /** A packet in a few words: `SYN`, `PORT 192,0,2,1,156,64`, `1,448 bytes`. */
  of(row: number): string {
    const { log } = this.#observation
    if (log.isIcmp(row)) return this.#icmp(row)
    const flags = log.flags(row)
    if (flags & TcpFlag.Syn) return flags & TcpFlag.Ack ? 'SYN,ACK' : 'SYN'
    if (flags & TcpFlag.Rst) return 'RST'
    const length = log.length(row)
    const end = flags & TcpFlag.Fin ? (length > 0 ? ' and FIN' : 'FIN') : ''
    if (length > 0) return (this.textOf(row) ?? plural(length, 'byte')) + end
    return end === '' ? 'ACK' : end
  }

  /** The first line of a payload that is text; `null` for other payload, and for half a line. */
  textOf(row: number): string | null {
    const lines = this.#linesOf(row)
    if (!lines) return null
    const [line = '', ...more] = lines
    return (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line) + (more.length > 0 ? ' …' : '')
  }

  #linesOf(row: number): readonly string[] | null {
    if (this.#hidden) return this.#hidden.get(row)?.flatMap((each) => each.split('\n')) ?? null
    const bytes = this.#observation.log.text(row)
    return bytes && decodeText(bytes).trimEnd().split(/\r?\n/)
  }

  #icmp(row: number): string {
    const { log, icmpSenders } = this.#observation
    const from = icmpSenders[log.acknowledgment(row)] ?? 'unknown'
    const version = from.includes(':') ? 6 : 4
    const [type, code] = [log.window(row) >> 8, log.window(row) & 0xff]
    return `ICMP ${icmpText({ version, type, code })} from ${from}`
  }
}

/** Words of each packet's lines without the dialogue's secrets, by row; a repeated packet has those of the first. */
function wordsWithoutSecrets({ log }: Observation): ReadonlyMap<number, readonly string[]> {
  const session = new ControlSession({ port: 0, implicitTls: false, anomalies: new AnomalyLog() })
  const ends: [number, number] = [0, 0]
  for (const { row, missing, seen } of rowsInOrder(log)) {
    const direction = log.direction(row)
    const length = log.length(row) - seen
    if (missing > 0) session.gap(direction, missing, row, log.time(row))
    const bytes = log.text(row)
    if (bytes && seen < bytes.length)
      session.data(direction, bytes, seen, bytes.length, row, log.time(row), ends[direction])
    else session.gap(direction, length, row, log.time(row))
    ends[direction] += length
  }
  session.end()
  hideSecrets(session.dialogue, false)
  const words = new Map<number, string[]>()
  const add = (row: number, line: string): void => {
    const lines = words.get(row)
    if (lines) lines.push(line)
    else words.set(row, [line])
  }
  for (const { frame, command, argument, replies } of session.dialogue.exchanges) {
    if (command !== null) add(frame, argument === null ? command : `${command} ${argument}`)
    for (const { frame: row, code, text } of replies) add(row, `${code} ${text}`)
  }
  for (const [copy, row] of copiesOf(log)) {
    const lines = words.get(row)
    if (lines && !words.has(copy)) words.set(copy, lines)
  }
  return words
}
