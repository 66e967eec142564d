import type { Session } from '../../../correlate/model.js'
import { type Exchange, FROM_CLIENT, FROM_SERVER } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { lacksReplies, retransmittedAfter, senderOf } from '../../facts/control.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
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
} from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** A command that the server acknowledged, and did not answer. */
interface UnansweredCommand extends Fact, Ends {
  kind: 'acknowledged'
  command: CommandFact
  /** Who ended the wait; `capture` where nobody had until its end. */
  endedBy: 'client' | 'server' | 'capture'
  waitedNs: number
}

/** A command that was never acknowledged. */
interface UndeliveredCommand extends Fact, Ends {
  kind: 'undelivered'
  command: CommandFact
  retransmissions: number
  /** From the command to its last retransmission. */
  spanNs: number
  /** Captured at the server. */
  atServer: boolean
}

/** Clients that break off earlier had reasons of their own. */
const CLIENT_PATIENCE_NS = 5e9
/** A server that is silent for so long hangs, even if the capture ends before anybody gives up. */
const SERVER_SILENCE_NS = 30e9
/** A segment sent so often again is not merely delayed. */
const REPETITIONS = 2

export const commandUnanswered = defineRule<UnansweredCommand | UndeliveredCommand>({
  id: 'command-unanswered',
  title: 'command got no reply',
  severity: 'error',
  side: 'unknown',
  level: 'aftermath',
  question({ command: { command, frame } }, _session, there) {
    return there === 'client'
      ? `does the answer to ${command} (here #${frame}) arrive there`
      : `does ${command} (here #${frame}) arrive there, and is it answered`
  },
  explains: ['capture-ends-inside', 'control-reset'],
  references: ['RFC 959 §4.2, §5.4', 'RFC 9293 §3.8.1'],
  samples: { reports: 'made/command-unanswered.pcap', silent: 'made/command-unanswered--silent.pcap' },

  *check(session, facts) {
    const { control, dialogue } = session
    if (lacksReplies(session) || facts.unseen !== null) return
    // Commands under TLS are not seen, so neither is which of them waits.
    if (dialogue.opaqueFrom || dialogue.otherProtocol || dialogue.clientHello) return
    const waiting = firstWithoutReply(facts)
    if (!waiting || waitsForData(session, waiting)) return
    // A RST in the server's name is judged by its origin.
    if (facts.closing?.how === 'rst' && facts.closing.direction === FROM_SERVER) return
    if (control.flows[FROM_CLIENT].acknowledged >= waiting.streamEnd) yield* unansweredByServer(facts, waiting)
    else yield* undelivered(facts, waiting)
  },

  texts: {
    message: (fact) => (fact.kind === 'acknowledged' ? unansweredWords(fact) : undeliveredWords(fact)),
  },

  remedy({ kind, client, server: { address }, command: { command } }) {
    if (kind === 'acknowledged') {
      const hanging = 'a file system or authentication back end that hangs, a script, a crash'
      return [
        `on ${address}: see what the FTP server does at ${command} (its log, strace of its process): ${hanging}`,
        'or a proxy in between that acknowledges for the server: capture behind it',
      ]
    }
    const inspection = 'inspect ftp, ALG, conntrack helper, intrusion prevention'
    const swallowed = 'the command that is missing there was swallowed in between'
    const box = `a box that drops segments with ${command}; switch its FTP inspection off to compare`
    return [
      `look at what inspects FTP between ${client} and ${address} (${inspection}): ${box}`,
      `to settle it: capture at the server at the same time; ${swallowed}`,
    ]
  },
})

/** The command after which nothing came from the server any more; `null` when the last word was the server's. */
function firstWithoutReply({ session, replies }: SessionFacts): Exchange | null {
  let answeredUntil = -Infinity
  for (const { reply } of replies) {
    // A server that said goodbye owes no replies, and one that is busy with a transfer may leave others waiting
    // (RFC 959 §4.1.3).
    if (reply.code === 221 || reply.code === 421) return null
    if (reply.time > answeredUntil) answeredUntil = reply.time
  }
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.replies.at(-1)?.preliminary) return null
    // Many clients close after QUIT without waiting, and some servers do so without 221.
    if (exchange.command === null || exchange.replies.length > 0 || exchange.command === 'QUIT') continue
    if (exchange.time >= answeredUntil) return exchange
  }
  return null
}

/**
 * Without its data connection a server may keep the reply to a transfer command until its own timer runs out (RFC 959
 * §5.4), and some connect before they answer PORT: what became of that connection says more.
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
        ? at(closing, `the ${endedBy} closes after ${seconds(waitedNs)}`)
        : at(control.last, 'last packet of the connection'),
    ],
    rivals: wantsData ? [passive ? 'data-peer-mismatch' : 'active-not-attempted'] : [],
  }
}

/** The wait that counts, by who ended it. */
const PATIENCE_NS = { client: CLIENT_PATIENCE_NS, server: 0, capture: SERVER_SILENCE_NS }

function unansweredWords({ client, server, command, endedBy, waitedNs }: Shown<UnansweredCommand>): string {
  const waited = seconds(waitedNs)
  const end = {
    client: `${client} gave up after ${waited}`,
    server: `it closed the connection after ${waited}`,
    capture: `it is still silent ${waited} later, where the capture ends`,
  }[endedBy]
  const silent = `${endpointWords(server)} acknowledged "${commandWords(command)}" and never replied; ${end}.`
  const hangs = 'the server program hangs, or something before it answers in its place'
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
      ...repeated.map((again) => at(again, `sent again ${seconds(later(again.time))} after the command`)),
      ...lastReply(facts),
    ],
    rivals: ['control-idle-dropped'],
  }
}

function undeliveredWords(fact: Shown<UndeliveredCommand>): string {
  const { client, server, command, retransmissions, spanNs, atServer } = fact
  const sent = `"${commandWords(command)}" of ${client} to ${endpointWords(server)} was sent again`
  const place = atServer ? ', although it was captured beside the server' : ': it does not reach the server'
  const lost = `${sent} ${times(retransmissions)} in ${seconds(spanNs)} and never acknowledged${place}`
  return `${lost}, while the packets before it did.`
}

function lastReply({ replies }: SessionFacts): Evidence[] {
  const last = replies.at(-1)
  return last ? [replyEvidence(last.reply, 'last reply')] : []
}
