import { type Exchange, FROM_CLIENT, finalReply, hiddenFrom } from '../../../ftp/model.js'
import { isRefusal } from '../../../ftp/reply-codes.js'
import { lacksReplies } from '../../facts/holes.js'
import { stopsAfter } from '../../facts/departure.js'
import type { OutOfStep } from '../../facts/out-of-step.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
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
import { seconds } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** One reply too many. */
export interface SurplusReply extends Fact {
  kind: 'surplus'
  surplus: ReplyFact
  /** The reply that had already answered the command before; `null` if there was none. */
  before: ReplyFact | null
  /** The command that goes wrong, and the reply that the client takes for the reply to it. */
  command: CommandFact
  read: ReplyFact
  /** The client stopped there. */
  stopped: boolean
  /** It is a refusal of something that the client never sent. */
  refusal: boolean
}

/** One reply too few: the server answers the next command. */
export interface MissingReply extends Fact {
  kind: 'missing'
  command: CommandFact
  waitedNs: number
  /** The command that was answered. */
  next: CommandFact
}

/** A client that waits this long has waited for a reply. */
const PATIENCE_NS = 5e9

export const replyOutOfStep = defineRule<SurplusReply | MissingReply>({
  id: 'reply-out-of-step',
  title: 'replies out of step with the commands',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['announcement-malformed', 'extended-passive-unsupported', 'announcement-family-mismatch'],
  references: ['RFC 959 §5.4 (sequencing of commands and replies)', 'RFC 959 §4.2'],
  samples: { reports: 'made/reply-out-of-step.pcap', silent: 'made/reply-out-of-step--silent.pcap' },
  needs: ['irregular'],

  *check(_session, facts) {
    const { outOfStep } = facts
    if (outOfStep && !outOfStep.greeting) yield surplus(facts, outOfStep)
    else if (!outOfStep) yield* missing(facts)
  },

  texts: {
    title: ({ kind }) => (kind === 'missing' ? 'one command got no reply' : null),
    message: (fact) => (fact.kind === 'missing' ? missingWords(fact) : surplusWords(fact)),
  },

  remedy(fact, context) {
    if (fact.kind === 'missing')
      return [`on the server${named(context)}: update it; each command requires a reply (RFC 959 §5.4)`, IN_CLIENT]
    const balancer = 'a load balancer that sends a PROXY protocol header, which the server takes for a command'
    return [
      `on the server${named(context)}: update it, or remove the script or module that sends the extra reply`,
      ...(fact.refusal ? [`or find who sent what it refuses: ${balancer}, for instance`] : []),
      IN_CLIENT,
    ]
  },
})

const IN_CLIENT = 'or in the client: do without that command, if it has a setting for it'

function named({ serverSoftware }: RemedyContext): string {
  return serverSoftware === null ? '' : ` (${serverSoftware})`
}

function surplus(facts: SessionFacts, outOfStep: OutOfStep): Observation<SurplusReply> {
  const { command, before, read } = outOfStep
  const stopped = stopsAfter(facts, command)
  return {
    fact: {
      kind: 'surplus',
      surplus: replyFact(outOfStep.surplus),
      before: before && replyFact(before),
      command: commandFact(command),
      read: replyFact(read),
      stopped,
      refusal: isRefusal(outOfStep.surplus.code),
    },
    severity: stopped ? 'error' : 'info',
    harmless: !stopped,
    confidence: stopped ? 'high' : 'medium',
    evidence: [
      replyEvidence(outOfStep.surplus, 'surplus reply: no command is open'),
      ...(before ? [replyEvidence(before, 'the reply before it')] : []),
      commandEvidence(command, `the client reads ${read.code} (#${read.frame}) as its reply`),
      ...(stopped && facts.closing ? [at(facts.closing, `the ${sideOf(facts)} closes the connection`)] : []),
    ],
  }
}

function sideOf({ closing }: SessionFacts): string {
  return closing?.direction === FROM_CLIENT ? 'client' : 'server'
}

function surplusWords(fact: Shown<SurplusReply>): string {
  const { before, command, read, stopped } = fact
  const cause = before ? `a second reply after "${replyWords(before)}" (#${before.frame})` : 'a reply to no command'
  const extra = `The server sent one reply too many: "${replyWords(fact.surplus)}" in frame ${fact.surplus.frame}, ${cause}`
  const shifted = `From there on the dialogue is out of step, and the client reads "${replyWords(read)}" as the reply to`
  return `${extra}. ${shifted} ${commandWords(command)}${stopped ? ', and stops' : ', unless it drops stale replies'}.`
}

/** The last command before QUIT, or before the client's next try, was never answered, but what follows it was. */
function* missing(facts: SessionFacts): Generator<Observation<MissingReply>> {
  const { session } = facts
  if (session.control.midstream || facts.unseen !== null || hiddenFrom(session.dialogue)) return
  const { exchanges } = session.dialogue
  const next = exchanges.findLast(({ command }) => command !== null)
  const silent = next && facts.commandBefore(next)
  if (!silent || !isIgnored(silent) || finalReply(next) === null || lacksReplies(session)) return
  if (next.command !== 'QUIT' && next.command !== 'NOOP') return
  const waitedNs = next.time - silent.time
  if (waitedNs < PATIENCE_NS || session.control.flows[FROM_CLIENT].acknowledgedUnseen > 0) return
  if (session.dialogue.transfers.some(({ exchange }) => exchange === silent)) return
  yield {
    fact: { kind: 'missing', command: commandFact(silent), waitedNs, next: commandFact(next) },
    confidence: 'high',
    evidence: [
      commandEvidence(silent, 'no reply'),
      commandEvidence(next, `${seconds(waitedNs)} later, answered`),
      replyEvidence(finalReply(next)!),
    ],
  }
}

function isIgnored({ command, replies }: Exchange): boolean {
  return replies.length === 0 && command !== 'ABOR' && command !== 'QUIT'
}

function missingWords({ command, waitedNs, next }: Shown<MissingReply>): string {
  const silence = `The server never replied to "${commandWords(command)}" (#${command.frame}), although the client waited`
  return `${silence} ${seconds(waitedNs)}; it answered the next command, ${commandWords(next)}.`
}
