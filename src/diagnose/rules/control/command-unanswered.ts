import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, FROM_CLIENT, FROM_SERVER, hiddenFrom } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { retransmittedAfter, senderOf } from '../../facts/control.js'
import { lacksReplies } from '../../facts/holes.js'
import { awaitedBytes } from '../../facts/lost-bytes.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { byteCount, seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** A command that the server acknowledged but never replied to. */
export interface UnansweredCommand extends Fact, Ends {
  kind: 'acknowledged'
  command: CommandFact
  /** Who closed the connection; `capture` if it was still open when the capture ended. */
  endedBy: 'client' | 'server' | 'capture'
  waitedNs: number
}

/** A command whose reply the server sent, as its sequence numbers show, and the client never got. */
export interface LostReply extends Fact, Ends {
  kind: 'reply-lost'
  command: CommandFact
  /** Bytes that the server sent after the last that arrived. */
  bytes: number
  /** The client went on and acknowledged none of them, or asked for them again. */
  certain: boolean
  /** Who closed the connection; `capture` if it was still open when the capture ended. */
  endedBy: 'client' | 'server' | 'capture'
  waitedNs: number
}

/** A command that was never acknowledged. */
export interface UndeliveredCommand extends Fact, Ends {
  kind: 'undelivered'
  command: CommandFact
  retransmissions: number
  /** From the command to its last retransmission. */
  spanNs: number
  /** Captured at the server. */
  atServer: boolean
}

/** An ABOR that got no reply of its own, as RFC 959 §4.1.3 and §5.4 require. */
export interface UnansweredAbort extends Fact, Ends {
  kind: 'abor'
  command: CommandFact
  /** The transfer that it was to abort, and the only reply; `null` where there was none. */
  transfer: CommandFact | null
  reply: ReplyFact | null
  /** Bytes transferred; `null` without a data connection. */
  bytes: number | null
  endedBy: 'client' | 'server' | 'capture'
  /** From the reply, or without one from the ABOR. */
  waitedNs: number
}

/** A client that closes earlier than this has another reason. */
const CLIENT_PATIENCE_NS = 5e9
/** A server that is silent for this long is hung, even if the capture ends before either side closes. */
const SERVER_SILENCE_NS = 30e9
/** A segment retransmitted this often is not merely delayed. */
const REPETITIONS = 2

export const commandUnanswered = defineRule<UnansweredCommand | LostReply | UndeliveredCommand | UnansweredAbort>({
  id: 'command-unanswered',
  title: 'command got no reply',
  severity: 'error',
  side: 'unknown',
  level: 'aftermath',
  awaits: 'server',
  question({ command: { command, frame } }, _session, there) {
    return there === 'client'
      ? `does the reply to ${command} (here #${frame}) arrive there`
      : `does ${command} (here #${frame}) arrive there, and does the server reply`
  },
  explains: ['capture-ends-inside', 'control-reset', 'capture-loss'],
  references: ['RFC 959 §4.2, §5.4', 'RFC 9293 §3.8.1'],
  samples: { reports: 'made/command-unanswered.pcap', silent: 'made/command-unanswered--silent.pcap' },

  *check(session, facts) {
    const { control, dialogue } = session
    if (facts.unseen !== null) return
    // Commands inside TLS cannot be read, so it is not known which of them is pending.
    if (hiddenFrom(dialogue) || dialogue.otherProtocol || (dialogue.clientHello && !dialogue.decryption)) return
    const waiting = firstWithoutReply(facts)
    if (lacksReplies(session) && !(waiting && isSilentSince(session, waiting))) {
      if (waiting) yield* replyLost(facts, waiting)
      return
    }
    const abort = unansweredAbort(facts)
    if (abort) {
      yield abort
      return
    }
    if (!waiting || waitsForData(session, waiting)) return
    // A RST with the server's source address is judged by its origin (control-reset).
    if (facts.closing?.how === 'rst' && facts.closing.direction === FROM_SERVER) return
    if (control.flows[FROM_CLIENT].acknowledged >= waiting.streamEnd) yield* unansweredByServer(facts, waiting)
    else yield* undelivered(facts, waiting)
  },

  texts: {
    title: ({ kind }) => TITLES[kind],
    message(fact) {
      if (fact.kind === 'abor') return abortWords(fact)
      if (fact.kind === 'reply-lost') return lostWords(fact)
      return fact.kind === 'acknowledged' ? unansweredWords(fact) : undeliveredWords(fact)
    },
  },

  remedy({ kind, client, server: { address }, command: { command } }, context) {
    if (kind === 'abor')
      return [
        'in the client: do not wait for a second reply; a server whose transfer is over when ABOR arrives may send ' +
          'a single 226. To end a download early, close the data connection and read the reply',
        `on ${address}: a server has to reply to ABOR itself, 225 or 226 (RFC 959 §4.1.3); update it`,
      ]
    if (kind === 'reply-lost')
      return [
        `between ${address} and ${client}: find out which device or link drops the reply (inspect ftp, FTP ALG, ` +
          'intrusion prevention, a link with loss)',
        ...unlessCaptured(
          context,
          'server',
          'to be sure: capture at the server at the same time; what is sent there and does not arrive was dropped',
        ),
      ]
    if (kind === 'acknowledged') {
      const hanging = 'a hung file system or authentication back end, a script, a crash'
      return [
        ...(OPTIONAL.has(command) ? [`in the client: do without ${command}, if it has a setting for it`] : []),
        `on ${address}: find out what the FTP server does on ${command} (its log, strace of its process): ${hanging}`,
        ...unlessCaptured(
          context,
          'server',
          'if a proxy in between acknowledges on behalf of the server: capture on its server side',
        ),
      ]
    }
    const inspection = 'inspect ftp, FTP ALG, conntrack helper, intrusion prevention'
    const swallowed = 'a command that is missing there was dropped in between'
    const box = `it may drop segments that contain ${command}; disable its FTP inspection as a test`
    return [
      `find the device that inspects FTP between ${client} and ${address} (${inspection}): ${box}`,
      ...unlessCaptured(context, 'server', `to be sure: capture at the server at the same time; ${swallowed}`),
    ]
  },
})

/** Extensions that a session can do without: some servers are silent on those that they do not know or implement. */
const OPTIONAL: ReadonlySet<string> = new Set([
  ...['FEAT', 'OPTS', 'CLNT', 'HOST', 'LANG', 'SYST', 'STAT', 'NOOP', 'ALLO', 'SITE', 'CSID', 'AVBL'],
  ...['MLST', 'MLSD', 'SIZE', 'MDTM', 'MFMT', 'EPSV', 'EPRT', 'STRU', 'MODE'],
])

const TITLES = {
  abor: 'ABOR got no reply',
  acknowledged: null,
  'reply-lost': 'reply did not arrive',
  undelivered: null,
}

/** The server sent nothing since, lost or not: what the capture lacks of its replies is older than the command. */
function isSilentSince({ control }: Session, { time }: Exchange): boolean {
  const { snappedBytes, lastData, missingBytes, aheadBytes } = control.flows[FROM_SERVER]
  return snappedBytes > 0 && missingBytes === 0 && aheadBytes === 0 && lastData !== null && lastData.time < time
}

/**
 * The server's later packets are ahead of all that arrived, and the client has none of it: the reply was lost before
 * it. At the server, only the capture can have lost it.
 */
function* replyLost(facts: SessionFacts, waiting: Exchange): Generator<Observation<LostReply>> {
  const { session, closing, vantage } = facts
  const { ahead, aheadBytes, missingBytes, end, acknowledged } = session.control.flows[FROM_SERVER]
  if (!ahead || aheadBytes === 0 || missingBytes > 0 || acknowledged > end || vantage.at === 'server') return
  if (ahead.time < waiting.time || waitsForData(session, waiting)) return
  const awaited = awaitedBytes(session.control, FROM_SERVER)
  if (!awaited) return
  const certain = awaited.kind === 'lost-on-path'
  const endedBy = closing ? senderOf(closing.direction) : 'capture'
  const waitedNs = facts.waitedSince(waiting)
  if (waitedNs < CLIENT_PATIENCE_NS) return
  yield {
    fact: {
      kind: 'reply-lost',
      ...endsOf(session),
      command: commandFact(waiting),
      bytes: aheadBytes,
      certain,
      endedBy,
      waitedNs,
    },
    side: 'path',
    confidence: certain ? 'high' : 'medium',
    evidence: [
      commandEvidence(waiting, 'acknowledged'),
      at(ahead, `without payload, ${byteCount(aheadBytes)} ahead of what arrived`),
      ...lastReply(facts),
    ],
    rivals: ['path-mtu-blackhole'],
  }
}

function lostWords({ client, server, command, bytes, certain, endedBy, waitedNs }: Shown<LostReply>): string {
  const sent = `${endpointWords(server)} acknowledged "${commandWords(command)}" and sent ${byteCount(bytes)} after it`
  const waited = seconds(waitedNs)
  const end = {
    client: `${client} gave up after ${waited}`,
    server: `the server closed the connection after ${waited}`,
    capture: `they had not arrived when the capture ended ${waited} later`,
  }[endedBy]
  const lost = certain ? `but they never arrived, and ${client} acknowledged none of them` : 'but they never arrived'
  return `${sent}, as its sequence numbers show, ${lost}; ${end}.`
}

/** The client waits in vain after an ABOR, and nothing it sent later was answered. */
function unansweredAbort(facts: SessionFacts): Observation<UnansweredAbort> | null {
  const { session, closing } = facts
  const { exchanges, transfers } = session.dialogue
  const index = exchanges.findLastIndex(({ command }) => command === 'ABOR')
  const abort = exchanges[index]
  if (!abort || exchanges.slice(index).some(({ command, replies }) => command !== null && replies.length > 0))
    return null
  const aborted = transfers.find(({ abortedBy }) => abortedBy === abort)
  const reply = (aborted && finalReply(aborted.exchange)) ?? null
  const since = reply ?? abort
  const endedBy = closing ? senderOf(closing.direction) : 'capture'
  const waitedNs = facts.waitedSince(since)
  if (waitedNs < PATIENCE_NS[endedBy] || session.control.flows[FROM_CLIENT].acknowledged < abort.streamEnd) return null
  const channel = session.channels.find(({ transfer }) => transfer?.command === aborted)
  return {
    fact: {
      kind: 'abor',
      ...endsOf(session),
      command: commandFact(abort),
      transfer: aborted ? commandFact(aborted.exchange) : null,
      reply: reply && replyFact(reply),
      bytes: channel?.transfer?.bytes ?? null,
      endedBy,
      waitedNs,
    },
    severity: reply ? 'warning' : 'error',
    side: 'server',
    confidence: 'high',
    evidence: [
      commandEvidence(abort, 'acknowledged, no reply of its own'),
      ...(reply ? [replyEvidence(reply, 'reply to the transfer')] : lastReply(facts)),
      closing
        ? at(closing, `the ${endedBy} closes the connection after ${seconds(waitedNs)}`)
        : at(session.control.last, 'last packet of the connection'),
    ],
  }
}

function abortWords({ client, server, transfer, reply, bytes, endedBy, waitedNs }: Shown<UnansweredAbort>): string {
  const of = transfer ? ` during "${commandWords(transfer)}"` : ''
  const only = reply ? ` of its own, only "${replyWords(reply)}" to the transfer` : ''
  const moved = bytes === null ? '' : ` (${byteCount(bytes)} transferred)`
  const waited = seconds(waitedNs)
  const end = {
    client: `${client} gave up after waiting ${waited} for it`,
    server: `${endpointWords(server)} closed the connection ${waited} later`,
    capture: `there was none when the capture ended ${waited} later`,
  }[endedBy]
  return `The client sent ABOR${of}${moved}, and ABOR got no reply${only}; ${end}.`
}

/** The command after which the server sent no more replies; `null` if the last message was the server's. */
function firstWithoutReply({ session, replies }: SessionFacts): Exchange | null {
  let answeredUntil = -Infinity
  for (const { reply } of replies) {
    // A server that has sent 221 or 421 owes no further replies, and one that is busy with a transfer may delay others
    // (RFC 959 §4.1.3).
    if (reply.code === 221 || reply.code === 421) return null
    if (reply.time > answeredUntil) answeredUntil = reply.time
  }
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.replies.at(-1)?.preliminary) return null
    // Many clients close after QUIT without waiting, and some servers close without sending 221.
    if (exchange.command === null || exchange.replies.length > 0 || exchange.command === 'QUIT') continue
    if (exchange.time >= answeredUntil) return exchange
  }
  return null
}

/**
 * Without its data connection a server may withhold the reply to a transfer command until its own timer expires
 * (RFC 959 §5.4), and some connect before they reply to PORT: the fate of that connection is more informative.
 */
function waitsForData(session: Session, waiting: Exchange): boolean {
  return session.channels.some((channel) => {
    if (isEstablished(channel) && !isForeign(session, channel.connection)) return false
    if (channel.transfer?.command.exchange === waiting) return true
    return channel.announcement?.exchange === waiting && channel.connection !== null
  })
}

function isForeign({ client, server }: Session, data: Connection | null): boolean {
  return data !== null && data.initiator.address !== client.address && data.initiator.address !== server.address
}

function* unansweredByServer(facts: SessionFacts, waiting: Exchange): Generator<Observation<UnansweredCommand>> {
  const { session, closing } = facts
  const { control, channels } = session
  const endedBy = closing ? senderOf(closing.direction) : 'capture'
  const waitedNs = facts.waitedSince(waiting)
  if (waitedNs < PATIENCE_NS[endedBy]) return
  const passive = channels.at(-1)?.mode !== 'active'
  const wantsData = channels.some(
    ({ transfer, announcement }) => transfer?.command.exchange === waiting || announcement?.exchange === waiting,
  )
  yield {
    fact: { kind: 'acknowledged', ...endsOf(session), command: commandFact(waiting), endedBy, waitedNs },
    side: 'server',
    confidence: closing && !wantsData ? 'high' : 'medium',
    evidence: [
      commandEvidence(waiting, 'acknowledged, no reply'),
      ...lastReply(facts),
      closing
        ? at(closing, `the ${endedBy} closes the connection after ${seconds(waitedNs)}`)
        : at(control.last, 'last packet of the connection'),
    ],
    rivals: wantsData ? [passive ? 'data-peer-mismatch' : 'active-not-attempted'] : [],
  }
}

/** The shortest wait that counts, by who ended it. */
const PATIENCE_NS = { client: CLIENT_PATIENCE_NS, server: 0, capture: SERVER_SILENCE_NS }

function unansweredWords({ client, server, command, endedBy, waitedNs }: Shown<UnansweredCommand>): string {
  const waited = seconds(waitedNs)
  const end = {
    client: `${client} gave up after ${waited}`,
    server: `it closed the connection after ${waited}`,
    capture: `it was still silent when the capture ended ${waited} later`,
  }[endedBy]
  const silent = `${endpointWords(server)} acknowledged "${commandWords(command)}" and never replied; ${end}.`
  const hangs = 'the server program is hung, or a device in front of it acknowledges on its behalf'
  return `${silent} The path works in both directions: ${hangs}.`
}

function* undelivered(facts: SessionFacts, waiting: Exchange): Generator<Observation<UndeliveredCommand>> {
  const { session } = facts
  const repeated = retransmittedAfter(session.control, FROM_CLIENT, waiting.time)
  if (repeated.length < REPETITIONS) return
  const atServer = facts.vantage.at === 'server'
  const later = (time: number) => time - waiting.time
  yield {
    fact: {
      kind: 'undelivered',
      ...endsOf(session),
      command: commandFact(waiting),
      retransmissions: repeated.length,
      spanNs: later(repeated.at(-1)!.time),
      atServer,
    },
    side: atServer ? 'server' : 'path',
    confidence: repeated.length > REPETITIONS ? 'high' : 'medium',
    evidence: [
      commandEvidence(waiting, 'never acknowledged'),
      ...repeated.map((again) => at(again, `retransmitted ${seconds(later(again.time))} after the command`)),
      ...lastReply(facts),
    ],
    rivals: ['control-idle-dropped'],
  }
}

function undeliveredWords(fact: Shown<UndeliveredCommand>): string {
  const { client, server, command, retransmissions, spanNs, atServer } = fact
  const sent = `"${commandWords(command)}" from ${client} to ${endpointWords(server)} was retransmitted`
  const place = atServer ? ', although it was captured at the server' : ': it does not reach the server'
  const lost = `${sent} ${times(retransmissions)} in ${seconds(spanNs)} and never acknowledged${place}`
  return `${lost}. The packets before it did.`
}

function lastReply({ replies }: SessionFacts): Evidence[] {
  const last = replies.at(-1)
  return last ? [replyEvidence(last.reply, 'last reply')] : []
}
