import { type Exchange, finalReply, type Reply, hiddenFrom } from '../../ftp/model.js'
import { fit, isRefusal } from '../../ftp/reply-codes.js'
import { lacksReplies } from './holes.js'
import type { SessionFacts } from './session-facts.js'

/** The server sent a reply too many: a client that counts replies takes each later one for the wrong command's. */
export interface OutOfStep {
  /** The reply for which no command was open. */
  surplus: Reply
  /** It is a second greeting. */
  greeting: boolean
  /** The reply before it, which had answered the command already; `null` if the surplus reply came first. */
  before: Reply | null
  /** The first command to which the reply that the client reads makes no sense, and that reply. */
  command: Exchange
  read: Reply
}

const GREETING = 220
/** The server announces that it closes the connection (RFC 959 §4.2.2): that needs no command. */
const CLOSING = 421

/**
 * Reads the replies as a client does that takes one final reply for each command (RFC 959 §5.4), and returns where that
 * first goes wrong; `null` if it does not, or if packets are missing that could be the reason.
 */
export function outOfStep(facts: SessionFacts): OutOfStep | null {
  const { session } = facts
  const { control, dialogue } = session
  if (control.midstream || facts.unseen !== null || hiddenFrom(dialogue) || dialogue.otherProtocol) return null
  if (!hasSurplus(dialogue.exchanges) || lacksReplies(session)) return null
  if (control.flows[0].acknowledgedUnseen > 0 || control.flows[0].snappedBytes > 0) return null
  return telling(misreadings(dialogue.exchanges))
}

/** Cheap test, as most dialogues are in step: a final reply without a command after the greeting, or a second 220. */
function hasSurplus(exchanges: readonly Exchange[]): boolean {
  let greeted = false
  for (const exchange of exchanges) {
    if (greeted && (exchange.command === null ? surplusReply(exchange) : isGreeted(exchange))) return true
    greeted ||= exchange.command === null
  }
  return false
}

/** The reply to a command is a greeting, which only HOST and REIN have (RFC 7151 §3.1, RFC 959 §4.1.1). */
function isGreeted({ command, replies }: Exchange): boolean {
  return replies[0]?.code === GREETING && command !== 'HOST' && command !== 'REIN'
}

function surplusReply(exchange: Exchange): Reply | null {
  const reply = finalReply(exchange)
  return reply && reply.code !== CLOSING ? reply : null
}

/** The first misreading and the last one, which differ for a client that looks at the first digit only. */
interface Misreadings {
  first: OutOfStep | null
  latest: OutOfStep | null
  lastCommand: Exchange | null
}

/** The misreading of the last command of all, if it was misread: it may be why there are no more. */
function telling({ first, latest, lastCommand }: Misreadings): OutOfStep | null {
  return latest?.command === lastCommand ? latest : first
}

function misreadings(exchanges: readonly Exchange[]): Misreadings {
  const all: Misreadings = { first: null, latest: null, lastCommand: null }
  const note = (found: OutOfStep) => {
    all.first ??= found
    all.latest = found
  }
  /** Replies that a client in lock-step has not read yet. */
  const waiting: Reply[] = []
  let greeted = false
  let aborted = false
  let surplus: Reply | null = null
  let before: Reply | null = null
  let last: Reply | null = null
  for (const [at, exchange] of exchanges.entries()) {
    const own = finalReply(exchange)
    if (exchange.command === null) {
      const extra = greeted && !aborted ? surplusReply(exchange) : null
      greeted = true
      if (extra) {
        waiting.push(extra)
        if (!surplus) [surplus, before] = [extra, last]
      }
      last = own
      continue
    }
    aborted = exchange.command === 'ABOR'
    if (exchange.command !== 'QUIT') all.lastCommand = exchange
    if (exchange.command === 'ABOR' || exchange.command === 'REIN') {
      // One reply or two: no client relies on their number.
      waiting.length = 0
      surplus = null
    } else if (waiting.length > 0) {
      const read = waiting.shift()!
      if (own) waiting.push(own)
      if (isMisread(exchange, read, own)) note(found(surplus!, before, exchange, read))
    } else if (own && fit(exchange.command, own.code) === 'foreign') {
      // It came too late to be seen as surplus: the command's own reply follows it.
      const follows = exchanges.slice(at + 1, at + 1 + NEAR).find(({ command }) => command === null)
      if ((greeted && isGreeted(exchange)) || (follows && surplusReply(follows))) {
        // Nothing more is known of what waits: the replies after it were paired as they came.
        if (!surplus && isGreeted(exchange)) [surplus, before] = [own, last]
        const after = surplus?.code === GREETING
        note(after ? found(surplus!, before, exchange, own) : found(own, last, exchange, own))
      }
    }
    last = own ?? last
  }
  return all
}

/** Exchanges after a foreign reply in which the one that it displaced is looked for. */
const NEAR = 2

function found(surplus: Reply, before: Reply | null, command: Exchange, read: Reply): OutOfStep {
  return { surplus, greeting: surplus.code === GREETING, before, command, read }
}

/** The client cannot make sense of the reply, or takes it for a refusal of what the server accepted. */
function isMisread({ command }: Exchange, read: Reply, own: Reply | null): boolean {
  if (command === 'QUIT') return false
  return fit(command!, read.code) === 'foreign' || (isRefusal(read.code) && (own === null || !isRefusal(own.code)))
}
