import type { Session } from '../../../correlate/model.js'
import { FROM_SERVER, type Reply } from '../../../ftp/model.js'
import type { Flow, Sighting } from '../../../tcp/connection.js'
import { closingOf, senderOf } from '../../facts/control.js'
import { awaitedBytes, hasUnseen } from '../../facts/lost-bytes.js'
import { addressOf, controlFlowOf, type Payload, type Role } from '../../facts/payload.js'
import { means } from '../../facts/phrases.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import {
  dataTimerSettings,
  type FittingTimers,
  fittingTimers,
  type TimerKind,
  timerWords,
} from '../../remedies/timers.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact, type Side } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { amount, seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** Shorter silences are pauses. */
const STALL_NS = 5e9
/** If the capture ends during the silence, it must have lasted longer to be more than a pause. */
const OPEN_STALL_NS = 30e9
const SAYS_TIMEOUT = /time(?:d)?[ -]?out|stall|no transfer/i

export interface Stall extends Fact {
  kind:
    | /** The receiver closed its window. */ 'window-shut'
    | /** The sender's data was never acknowledged. */ 'unacknowledged'
    | /** Bytes that the sender sent were lost before they came here, and the receiver still waits for them. */ 'lost'
    | /** The sender fell silent and did not acknowledge the receiver's FIN. */ 'fin-unanswered'
    | /** The sender of a whole file fell silent without closing: the FIN that ends the file is missing. */ 'unclosed'
    | /** The sender fell silent but acknowledged the receiver's FIN. */ 'sender-alive'
    | /** The sender fell silent, and nothing more is known. */ 'sender-silent'
  /** Addresses of the two ends. */
  sender: string
  receiver: string
  /** What was lost, and how often the receiver asked for it again. */
  lost?: { offset: number; bytes: number; asked: number }
  /** How often the sender sent the same bytes without an acknowledgment. */
  sends: number | null
  command: CommandFact
  /** Bytes transferred, and bytes expected. */
  bytes: number
  expectedBytes: number | null
  silenceNs: number
  end: EndFact
  /** Timers of the server with a matching duration. */
  timer: FittingTimers | null
}

/** What ended the silence. */
export type EndFact =
  | { by: 'reply'; reply: ReplyFact }
  | { by: 'data-connection'; address: string; how: 'fin' | 'rst' }
  | { by: 'control-connection'; role: Role }
  | { by: 'capture' }

export const transferStalled = defineRule<Stall>({
  id: 'transfer-stalled',
  title: 'transfer stalled',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  explains: ['idle-timeout', 'packet-loss'],
  references: [
    'RFC 959 §3.4.1 (stream mode), §4.2.2 (421, 426, 451)',
    'RFC 9293 §3.8.3 (user timeout)',
    'RFC 1123 §4.1.3.2',
  ],
  samples: { reports: 'made/transfer-stalled.pcap', silent: 'made/transfer-stalled--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    const { serverSoftware } = session.dialogue
    for (const payload of facts.payloads) {
      const { channel, transfer, bytes, flow, connection, reply, from, to } = payload
      if (transfer.outcome === 'completed' || transfer.outcome === 'refused') continue
      const since = flow.lastData ?? connection.established
      if (!since || isUnjudgeable(session, payload)) continue
      const end = endOf(facts, payload)
      const open = end.fact.by === 'capture'
      const silenceNs = end.time - since.time
      if (silenceNs < (open ? OPEN_STALL_NS : STALL_NS)) continue
      const { command } = transfer
      const timer = isByServer(end.fact, session)
        ? fittingTimers(serverSoftware, silenceNs, end.fact.by === 'reply' ? timersOf(reply!) : DATA_TIMERS)
        : null
      const inWords = reply !== null && SAYS_TIMEOUT.test(reply.text)
      const culprit = whoStalled(session, payload, since, end)
      const later = `${seconds(silenceNs)} later`
      yield {
        fact: {
          kind: culprit.kind,
          sender: from,
          receiver: to,
          ...(culprit.lost ? { lost: culprit.lost } : {}),
          sends: culprit.kind === 'unacknowledged' && flow.stuck ? flow.stuck.times + 1 : null,
          command: commandFact(command.exchange),
          bytes,
          expectedBytes: command.expectedBytes,
          silenceNs,
          end: end.fact,
          timer,
        },
        side: culprit.side,
        confidence: open ? 'low' : timer !== null || inWords ? 'high' : 'medium',
        evidence: [
          at(since, flow.lastData ? 'last new bytes' : 'the data connection is open, but no data is sent'),
          end.fact.by === 'reply' ? replyEvidence(reply!, later) : at(end, `${endWords(end.fact)}, ${later}`),
          ...culprit.evidence,
          commandEvidence(command.exchange),
        ],
        rivals: flow.lastData === null ? ['path-mtu-blackhole'] : [],
        channel,
      }
    }
  },

  texts: {
    message(fact) {
      const { command, bytes, expectedBytes, silenceNs, end, timer } = fact
      const whole = expectedBytes === null ? '' : ` of ${amount(expectedBytes)}`
      const stop = `"${commandWords(command)}" stalled after ${amount(bytes)}${whole}`
      const silence = `after ${seconds(silenceNs)} of silence ${end.by === 'reply' ? replied(end) : endWords(end)}`
      const like = timer === null ? '' : ` (matches ${timerWords(timer)})`
      return `${stop}: ${stallWords(fact)}, and ${silence}${like}.`
    },
  },
  remedy: (fact, context) => [
    stallRemedy(fact, context),
    `timers that end an idle transfer, on the server: ${dataTimerSettings(context.serverSoftware)}`,
  ],
})

/** What the receiver has and the capture lacks may be what seems to be missing: later bytes, or the reply. */
function isUnjudgeable(session: Session, { flow, reply }: Payload): boolean {
  if (flow.stuck && flow.acknowledged <= flow.stuck.offset) return false
  return hasUnseen(flow) || (reply === null && hasUnseen(session.control.flows[FROM_SERVER]))
}

const DATA_TIMERS: readonly TimerKind[] = ['data', 'stalled']

/** A 421 ends the session as a whole, which may be due to a timer of the control connection. */
function timersOf({ code, text }: Reply): readonly TimerKind[] {
  return code === 421 && !means(text, 'data-timer') ? [...DATA_TIMERS, 'idle'] : DATA_TIMERS
}

/** The server gave up, with a reply or, like ProFTPD's TimeoutStalled, without one. */
function isByServer(end: EndFact, { server }: Session): boolean {
  if (end.by === 'control-connection') return end.role === 'server'
  return end.by === 'reply' || (end.by === 'data-connection' && end.address === server.address)
}

function stallWords({ kind, sender, receiver, sends, lost }: Shown<Stall>): string {
  switch (kind) {
    case 'window-shut':
      return `${receiver} closed its receive window and stopped reading`
    case 'unacknowledged':
      return `${sender} sent the next bytes ${times(sends!)} without an acknowledgment`
    case 'lost': {
      const { offset, bytes, asked } = lost!
      const again = asked === 0 ? '' : `, although ${receiver} asked for them again ${times(asked)}`
      return `${amount(bytes)} from offset ${offset}, which ${sender} had sent, never arrived${again}`
    }
    case 'fin-unanswered':
      return `no more data came from ${sender}, nor an acknowledgment of the FIN`
    case 'unclosed':
      return (
        `${sender} sent no more data and did not close the data connection, by which the end of the file is known ` +
        '(no FIN)'
      )
    case 'sender-alive':
      return `${sender} sent no more data, although its operating system still answers`
    case 'sender-silent':
      return `no more data came from ${sender}`
  }
}

function stallRemedy({ kind, sender, receiver }: Shown<Stall>, context: RemedyContext): string {
  if (kind === 'window-shut')
    return `on the receiving host ${receiver}: find out why it stopped reading (full disk, virus scanner, hung program)`
  if (kind === 'unacknowledged' || kind === 'fin-unanswered' || kind === 'lost')
    return (
      `between ${sender} and ${receiver}: look for a firewall or NAT that lost the state of the data connection, ` +
      'or a failed link'
    )
  if (kind === 'unclosed')
    return (
      `in the program that sends, on ${sender}: close the data connection after the last byte (with the shutdown of ` +
      "TLS, if any), before it waits for the server's reply; if the file was not complete, its log at that time says " +
      'why it stopped'
    )
  const log = `check the program's log at that time (disk, database from which the file is served, hung process)`
  const role = sender === context.session.client.address ? 'client' : 'server'
  const sentMore = unlessCaptured(context, role, '; a capture there shows whether it sent more').join('')
  return `on the sending host ${sender}: ${log}${sentMore}`
}

function replied({ reply }: Shown<Extract<EndFact, { by: 'reply' }>>): string {
  return `the server replied "${replyWords(reply)}"`
}

function endWords(end: Exclude<EndFact, { by: 'reply' }>): string {
  if (end.by === 'capture') return 'the capture ended'
  if (end.by === 'control-connection') return `the ${end.role} closed the control connection`
  return `${end.address} ${end.how === 'rst' ? 'reset' : 'closed'} the data connection`
}

export interface End extends Sighting {
  fact: EndFact
}

/** What ended the silence first. */
function endOf(facts: SessionFacts, payload: Payload): End {
  const { session, closing: control } = facts
  const { connection, direction, flow, reply, from } = payload
  const ends: End[] = []
  // A server sends 226 as soon as it has handed all bytes to its operating system: that does not end the silence.
  if (reply && reply.code >= 400) ends.push({ ...sightingOf(reply), fact: { by: 'reply', reply: replyFact(reply) } })
  // The sender's own FIN means that it has no more data; what follows does not concern it, unless some is missing.
  if (flow.fin && !isHoled(payload))
    ends.push({ ...sightingOf(flow.fin), fact: { by: 'data-connection', address: from, how: 'fin' } })
  const closing = closingOf(connection)
  if (closing && (closing.how === 'rst' || closing.direction !== direction)) {
    const address = addressOf(connection, closing.direction)
    ends.push({ ...sightingOf(closing), fact: { by: 'data-connection', address, how: closing.how } })
  }
  if (control)
    ends.push({ ...sightingOf(control), fact: { by: 'control-connection', role: senderOf(control.direction) } })
  const { frame } = session.control.last
  if (ends.length === 0) return { frame, time: session.judgedAt, fact: { by: 'capture' } }
  return ends.reduce((first, end) => (end.time < first.time ? end : first))
}

function sightingOf({ frame, time }: Sighting): Sighting {
  return { frame, time }
}

/** Bytes before the FIN never arrived, and the receiver has not acknowledged them. */
function isHoled({ flow, taker }: Payload): boolean {
  return flow.firstHole >= 0 && taker.packets > 0 && flow.acknowledged <= flow.firstHole
}

export interface Culprit {
  kind: Stall['kind']
  side: Side
  evidence: Evidence[]
  lost?: NonNullable<Stall['lost']>
}

/** Which side fell silent, as far as the packets show. */
function whoStalled(session: Session, payload: Payload, since: Sighting, end: Sighting): Culprit {
  const { flow, taker, sender, receiver, to, transfer } = payload
  if (taker.firstShut && (taker.shutSince !== null || taker.shutTime >= STALL_NS)) {
    const evidence = [at(taker.firstShut, `receive window of ${to} is zero`)]
    return { kind: 'window-shut', side: receiver, evidence }
  }
  if (flow.stuck && flow.acknowledged <= flow.stuck.offset) {
    const evidence = [at(flow.stuck.last, `bytes at offset ${flow.stuck.offset}, retransmitted`)]
    return { kind: 'unacknowledged', side: 'path', evidence }
  }
  const lost = lostBefore(payload)
  if (lost) return lost
  if (isUnclosed(payload, end)) return { kind: 'unclosed', side: sender, evidence: [] }
  const farewell = taker.fin
  // A FIN without an answer indicates a dead path; a sender that acknowledges the FIN is alive and had nothing to send.
  if (farewell && flow.lastTime < farewell.time) {
    const talks = controlFlowOf(session, sender).lastTime > since.time
    const evidence = [at(farewell, `FIN from ${to}, not acknowledged`)]
    return { kind: 'fin-unanswered', side: talks ? 'path' : 'unknown', evidence }
  }
  if (farewell && flow.lastTime > farewell.time) return { kind: 'sender-alive', side: sender, evidence: [] }
  const failed = transfer.outcome === 'failed' || transfer.outcome === 'aborted'
  return { kind: 'sender-silent', side: failed ? sender : 'unknown', evidence: [] }
}

/** The receiver waits for bytes that the sender's numbers show, or that later ones followed. */
function lostBefore({ connection, direction, flow, to }: Payload): Culprit | null {
  const lost = awaitedBytes(connection, direction)
  if (lost?.kind !== 'lost-on-path') return null
  const { start: offset, bytes, asked } = lost
  const since = asked ?? flow.ahead
  const note = asked ? `${to} asks again for what follows offset ${offset}` : `${amount(bytes)} ahead of what arrived`
  return {
    kind: 'lost',
    side: 'path',
    evidence: since ? [at(since, note)] : [],
    lost: { offset, bytes, asked: asked?.times ?? 0 },
  }
}

/** All bytes arrived, and the sender lives: an upload without the FIN that ends it, or a download of full length. */
function isUnclosed({ flow, taker, transfer, bytes, sender }: Payload, end: Sighting): boolean {
  if (bytes === 0 || isStuck(flow, taker) || (flow.fin !== null && flow.fin.time < end.time)) return false
  const { expectedBytes, mode } = transfer.command
  if (mode !== 'stream') return false
  return sender === 'client'
    ? flow.acknowledged >= flow.end
    : !transfer.hidden && expectedBytes !== null && bytes >= expectedBytes
}

/** A FIN of the receiver that the sender did not acknowledge: the path or the sender is dead. */
function isStuck(flow: Flow, taker: Flow): boolean {
  return taker.fin !== null && flow.lastTime < taker.fin.time
}
