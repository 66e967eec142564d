import { decodeText } from '../../bytes/text.js'
import { icmpText } from '../../diagnose/words/evidence.js'
import type { Observation } from '../../paths/digest/observation.js'
import { TcpFlag } from '../../wire/packet.js'
import { redactionOf, SECRETS_SHOWN } from '../describe/redaction.js'
import { plural } from '../text/units.js'

const LONGEST = 200

/** Texts of the packets of one connection, without its secrets. */
export class PacketWords {
  readonly #observation: Observation
  readonly #redact: (line: string) => string

  /** `isDialogue`: the connection is a control connection, whose passwords must not be shown. */
  constructor(observation: Observation, isDialogue: boolean, showSecrets: boolean) {
    this.#observation = observation
    this.#redact = isDialogue && !showSecrets ? redactorOf(observation) : SECRETS_SHOWN.text
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

  /** The first line of a payload that is text; `null` for other payload. */
  textOf(row: number): string | null {
    const bytes = this.#observation.log.text(row)
    if (!bytes) return null
    const [line = '', ...more] = decodeText(bytes).trimEnd().split(/\r?\n/)
    const shown = this.#redact(line)
    return (shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown) + (more.length > 0 ? ' …' : '')
  }

  #icmp(row: number): string {
    const { log, icmpSenders } = this.#observation
    const from = icmpSenders[log.acknowledgment(row)] ?? 'unknown'
    const version = from.includes(':') ? 6 : 4
    const [type, code] = [log.window(row) >> 8, log.window(row) & 0xff]
    return `ICMP ${icmpText({ version, type, code })} from ${from}`
  }
}

const COMMAND = /^([A-Za-z]{3,4})(?: (.*))?$/s

/** Hides what the commands of a connection carry that is secret, in them and wherever it is repeated. */
function redactorOf({ log }: Observation): (line: string) => string {
  const exchanges: { command: string; argument: string | null }[] = []
  let user: string | null = null
  for (let row = 0; row < log.size; row++) {
    const bytes = log.direction(row) === 0 ? log.text(row) : null
    if (!bytes) continue
    for (const line of decodeText(bytes).split(/\r?\n/)) {
      const command = commandOf(line)
      if (command?.command === 'USER') user = command.argument
      if (command) exchanges.push(command)
    }
  }
  const redaction = redactionOf({ exchanges, user })
  return (line) => {
    const command = commandOf(line)
    const argument = command && redaction.argument(command)
    const isHidden = command !== null && command.argument !== null && argument !== command.argument
    return isHidden ? `${command.command} ${argument ?? ''}` : redaction.text(line)
  }
}

function commandOf(line: string): { command: string; argument: string | null } | null {
  const [, command, argument] = COMMAND.exec(line.trimStart()) ?? []
  return command === undefined ? null : { command: command.toUpperCase(), argument: argument ?? null }
}
