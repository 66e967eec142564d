import type { Session } from '../../../correlate/model.js'
import { type Exchange, FROM_CLIENT, type Reply } from '../../../ftp/model.js'
import { senderOf } from '../../facts/control.js'
import { lacksReplies } from '../../facts/holes.js'
import { stopsAfter } from '../../facts/departure.js'
import type { OutOfStep } from '../../facts/out-of-step.js'
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
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { duration } from '../../words/quantities.js'
import { Quote, type Shown } from '../../words/quote.js'

/** Text instead of a reply. */
export interface UncodedGreeting extends Fact, Ends {
  kind: 'no-code'
  text: Quote
  /** Who closed the connection, and how long after; `null` if it was still open when the capture ended. */
  endedBy: 'client' | 'server' | null
  waitedNs: number
}

/** A positive reply with another code than 220. */
export interface OtherGreeting extends Fact, Ends {
  kind: 'other-code'
  reply: ReplyFact
  leftNs: number
}

/** Several complete replies: the client takes the second for the reply to its first command. */
export interface SeveralGreetings extends Fact, Ends {
  kind: 'several'
  first: ReplyFact | null
  second: ReplyFact
  count: number
  /** The command that gets the wrong reply; `null` if the client left before it sent one. */
  command: CommandFact | null
  stopped: boolean
}

const GREETING = 220

export const greetingMalformed = defineRule<UncodedGreeting | OtherGreeting | SeveralGreetings>({
  id: 'greeting-malformed',
  title: 'greeting is not a single 220 reply',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 959 §4.2 (reply codes, multi-line replies)', 'RFC 959 §5.4 (connection establishment)'],
  samples: { reports: 'made/greeting-malformed.pcap', silent: 'made/greeting-malformed--silent.pcap' },
  needs: ['irregular'],

  *check(session, facts) {
    const { control, dialogue } = session
    if (control.midstream || facts.unseen !== null || dialogue.otherProtocol || dialogue.clientHello) return
    if (facts.outOfStep?.greeting) yield misread(facts, facts.outOfStep)
    else if (!dialogue.opaqueFrom && !dialogue.exchanges.some(({ command }) => command !== null))
      yield* unread(session, facts)
  },

  texts: {
    message(fact) {
      if (fact.kind === 'no-code') return uncodedWords(fact)
      if (fact.kind === 'several') return severalWords(fact)
      const greeting = `${endpointWords(fact.server)} greets ${fact.client} with "${replyWords(fact.reply)}"`
      return `${greeting}, where 220 is due; the client left ${duration(fact.leftNs)} later, without a command.`
    },
  },

  remedy({ kind }, { serverSoftware }) {
    const where = serverSoftware === null ? 'on the server' : `on the server (${serverSoftware})`
    if (kind === 'no-code')
      return [
        `${where}: make the greeting a reply with code 220, on each line but the last "220-" (banner file, wrapper script)`,
        'if no FTP server listens on that port: correct the port in the client, or the forwarding rule',
      ]
    if (kind === 'other-code')
      return [`${where}: greet with code 220; a proxy in front of it may send the reply of its own login instead`]
    return [
      `${where}: begin each line of the greeting but the last with "220-", the last with "220 "`,
      'or shorten the greeting to one line',
    ]
  },
})

function misread(facts: SessionFacts, { surplus, before, command }: OutOfStep): Observation<SeveralGreetings> {
  // A client that takes a greeting for the reply to USER sends no PASS.
  const { dialogue, cutOff } = facts.session
  const first = facts.session.dialogue.exchanges.find((each) => each.command !== null) ?? command
  const stopped = stopsAfter(facts, command) || (dialogue.login === 'unknown' && !cutOff)
  return {
    fact: {
      kind: 'several',
      ...endsOf(facts.session),
      first: before && replyFact(before),
      second: replyFact(surplus),
      count: greetingsOf(facts.session).length,
      command: commandFact(first),
      stopped,
    },
    severity: stopped ? 'error' : 'info',
    harmless: !stopped,
    confidence: stopped ? 'high' : 'medium',
    evidence: [
      replyEvidence(surplus, 'a second complete greeting'),
      ...(before ? [replyEvidence(before, 'the first')] : []),
      commandEvidence(first, `the client reads 220 (#${surplus.frame}) as its reply`),
      ...endEvidence(facts),
    ],
  }
}

function greetingsOf({ dialogue }: Session): Reply[] {
  const isGreeting = ({ command }: Exchange) => command !== 'HOST' && command !== 'REIN'
  return dialogue.exchanges.filter(isGreeting).flatMap(({ replies }) => replies.filter(({ code }) => code === GREETING))
}

/** The client left after the greeting, without a command. */
function* unread(
  session: Session,
  facts: SessionFacts,
): Generator<Observation<UncodedGreeting | OtherGreeting | SeveralGreetings>> {
  const { uncodedLine } = session.dialogue
  const { closing, greeting, replies } = facts
  if (lacksReplies(session)) return
  const first = replies[0]?.reply ?? null
  if (uncodedLine?.beforeReplies) {
    const waitedNs = facts.waitedSince(uncodedLine)
    // With a greeting after it, only a client that leaves at once shows that it could not use the text.
    if (greeting && !(closing?.direction === FROM_CLIENT && waitedNs < MOMENT_NS)) return
    if (!closing && waitedNs < SILENCE_NS) return
    yield {
      fact: {
        kind: 'no-code',
        ...endsOf(session),
        text: new Quote(uncodedLine.text),
        endedBy: closing && senderOf(closing.direction),
        waitedNs,
      },
      confidence: greeting ? 'medium' : 'high',
      evidence: [phraseEvidence(uncodedLine, '"', uncodedLine.text, '", no reply code'), ...endEvidence(facts)],
      rivals: ['not-ftp'],
    }
    return
  }
  // Whoever closes after a good greeting may have been a probe.
  if (!first || closing?.direction !== FROM_CLIENT) return
  const greetings = greetingsOf(session)
  if (first.code >= 200 && first.code < 400 && first.code !== GREETING) {
    const leftNs = closing.time - first.time
    yield {
      fact: { kind: 'other-code', ...endsOf(session), reply: replyFact(first), leftNs },
      confidence: 'medium',
      evidence: [replyEvidence(first, 'instead of a 220'), ...endEvidence(facts)],
    }
  } else if (greetings.length > 1 && closing.time - greetings[0]!.time < MOMENT_NS) {
    yield {
      fact: {
        kind: 'several',
        ...endsOf(session),
        first: replyFact(greetings[0]!),
        second: replyFact(greetings[1]!),
        count: greetings.length,
        command: null,
        stopped: true,
      },
      confidence: 'medium',
      evidence: [
        replyEvidence(greetings[1]!, 'a second complete greeting'),
        replyEvidence(greetings[0]!, 'the first'),
        ...endEvidence(facts),
      ],
    }
  }
}

/** A client that cannot use the greeting leaves as soon as it has read it. */
const MOMENT_NS = 5e9
/** A connection on which nothing follows for so long is stuck, even if the capture ends before either side closes. */
const SILENCE_NS = 30e9

function endEvidence({ closing }: SessionFacts): Evidence[] {
  return closing ? [at(closing, `the ${senderOf(closing.direction)} closes the connection`)] : []
}

function uncodedWords({ client, server, text, endedBy, waitedNs }: Shown<UncodedGreeting>): string {
  const end = endedBy === null ? 'nothing followed' : `the ${endedBy} closed the connection ${duration(waitedNs)} later`
  const form = 'a text without a reply code; FTP requires a greeting with code 220'
  return `${endpointWords(server)} greets ${client} with "${text}", ${form}; ${end}.`
}

function severalWords({ server, first, second, count, command, stopped }: Shown<SeveralGreetings>): string {
  const lines = 'each line of it ends a reply ("220 " instead of "220-")'
  const several = `The greeting of ${endpointWords(server)} consists of ${count} complete 220 replies: ${lines}`
  const quoted = first ? `, "${replyWords(first)}" and "${replyWords(second)}"` : `, such as "${replyWords(second)}"`
  if (!command) return `${several}${quoted}; the client left at once.`
  const wrong = `the client takes the second one (#${second.frame}) for the reply to ${commandWords(command)}`
  return `${several}${quoted}; ${wrong}${stopped ? ' and stops' : ', unless it drops stale replies'}.`
}
