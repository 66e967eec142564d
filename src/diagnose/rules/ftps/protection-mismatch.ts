import type { DataChannel } from '../../../correlate/model.js'
import { type Dialogue, type Exchange, finalReply, type Reply } from '../../../ftp/model.js'
import { Direction, opposite } from '../../../tcp/connection.js'
import { negativeReply } from '../../facts/attempt.js'
import { addressOf } from '../../facts/payload.js'
import { refusesLevel, refusesProtection } from '../../facts/server-words.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import {
  clearDataOnServer,
  explicitTlsInClient,
  protectedDataInClient,
  protectedDataOnServer,
} from '../../remedies/tls-remedies.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import type { Shown } from '../../words/quote.js'

/** The server refused a transfer, its announcement, or PROT before it, because of the protection of data. */
export interface RefusedProtection extends Fact {
  kind: 'refused'
  command: CommandFact
  reply: ReplyFact
  /** The control connection is under TLS. */
  tls: boolean
  /** PROT P was in force. */
  protectedData: boolean
}

/** One end of the data connection sends TLS and the other clear text. */
export interface MixedProtection extends Fact {
  kind: 'mixed'
  /** Addresses of the two ends. */
  tlsFrom: string
  clearFrom: string
}

export type ProtectionMismatch = RefusedProtection | MixedProtection

export const protectionMismatch = defineRule<ProtectionMismatch>({
  id: 'protection-mismatch',
  title: 'client and server disagree on data protection',
  severity: 'error',
  side: 'client',
  level: 'cause',
  explains: ['active-rejected', 'passive-rejected', 'tls-handshake-failed', 'tls-required'],
  references: ['RFC 4217 §9, §10', 'RFC 2228 §3 (PROT, 521, 536)'],
  samples: { reports: 'made/protection-mismatch.pcap', silent: 'made/protection-mismatch--silent.pcap' },
  *check({ channels, dialogue }) {
    const levels = dialogue.exchanges.filter(({ command }) => command === 'PROT')
    for (const channel of channels) yield* refused(dialogue, levels, channel) ?? mixed(channel)
  },
  texts: {
    message(fact) {
      if (fact.kind === 'mixed') {
        const seen = `${fact.tlsFrom} sends TLS and ${fact.clearFrom} sends clear text`
        return `On the data connection, ${seen}: one side expects PROT P, the other PROT C.`
      }
      const refused = `The server refused "${commandWords(fact.command)}"`
      const why = `because of the data channel protection level: "${replyWords(fact.reply)}"`
      return `${refused} ${why}. ${askedFor(fact)}`
    },
  },
  remedy: (fact, context) =>
    fact.kind === 'mixed'
      ? ['in the client: send AUTH TLS, PBSZ 0 and PROT P before the first transfer']
      : refusedRemedy(fact, context),
})

function askedFor({ tls, protectedData }: Shown<RefusedProtection>): string {
  if (!tls) return 'The session is in clear text, without AUTH TLS or PROT P.'
  return protectedData ? 'The client had asked for PROT P.' : 'The client had not asked for PROT P.'
}

type Refused = [Observation<RefusedProtection>]

function refused(dialogue: Dialogue, levels: readonly Exchange[], channel: DataChannel): Refused | null {
  const refusal = refusalOf(dialogue, levels, channel)
  if (!refusal) return null
  const { exchange, reply, protectedData } = refusal
  const tls = dialogue.security !== 'none'
  return [
    {
      fact: { kind: 'refused', command: commandFact(exchange), reply: replyFact(reply), tls, protectedData },
      confidence: 'high',
      evidence: [replyEvidence(reply), commandEvidence(exchange)],
      channel,
    },
  ]
}

/** A command that the server refused, and whether data were to be protected then. */
interface Refusal {
  exchange: Exchange
  reply: Reply
  protectedData: boolean
}

function refusalOf(dialogue: Dialogue, levels: readonly Exchange[], channel: DataChannel): Refusal | null {
  const { transfer, announcement } = channel
  const answer = negativeReply(channel)
  if (transfer && answer && refusesProtection(answer)) return { ...transfer.command, reply: answer }
  if (announcement?.refused && announcement.reply && refusesProtection(announcement.reply)) {
    return { exchange: announcement.exchange, reply: announcement.reply, protectedData: dialogue.protectedData }
  }
  if (!transfer || transfer.outcome === 'completed') return null
  const exchange = lastBefore(levels, transfer.command.exchange.frame)
  const reply = exchange && finalReply(exchange)
  if (!reply || !refusesLevel(reply)) return null
  return { exchange, reply, protectedData: exchange.argument?.toUpperCase() === 'P' }
}

/** The last of these commands, which are in order, before a frame. */
function lastBefore(commands: readonly Exchange[], frame: number): Exchange | undefined {
  let [from, to] = [0, commands.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (commands[middle]!.frame < frame) from = middle + 1
    else to = middle
  }
  return commands[from - 1]
}

function refusedRemedy({ tls, protectedData }: Shown<RefusedProtection>, context: RemedyContext): string[] {
  if (protectedData)
    return [protectedDataOnServer(context), 'or in the client: PROT C, at the cost of the protection of the files']
  return [
    tls ? protectedDataInClient(context) : explicitTlsInClient(context),
    `or, if clear text is acceptable, ${clearDataOnServer(context)}`,
  ]
}

function* mixed(channel: DataChannel): Generator<Observation<MixedProtection>> {
  const { connection, head, transfer } = channel
  if (!connection || !head) return
  const tls = head.content.indexOf('tls')
  if (tls < 0 || head.content[tls === 0 ? 1 : 0] !== 'clear') return
  const direction = tls === 0 ? Direction.FromInitiator : Direction.FromResponder
  // A file may start with the same bytes; a handshake message leaves no doubt.
  const begin = head.tls[direction]
  if (!begin?.clientHello && !begin?.serverHello && !begin?.alert) return
  const tlsFrom = addressOf(connection, direction)
  const clearFrom = addressOf(connection, opposite(direction))
  yield {
    fact: { kind: 'mixed', tlsFrom, clearFrom },
    confidence: 'high',
    side: 'unknown',
    evidence: [
      at(connection.flows[direction].firstData ?? connection.first, `TLS from ${tlsFrom}`),
      at(connection.flows[opposite(direction)].firstData ?? connection.first, `clear text from ${clearFrom}`),
      ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
    ],
    channel,
  }
}
