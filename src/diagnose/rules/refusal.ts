/** What `command-refused` and `transfer-refused` share: a command that the server refused, and why. */
import type { Session } from '../../correlate/model.js'
import type { Exchange, Reply } from '../../ftp/model.js'
import { refusalReason, type RefusalReason } from '../facts/refusal-reason.js'
import type { SessionFacts } from '../facts/session-facts.js'
import { refusalRemedy } from '../remedies/refusal-remedies.js'
import type { RemedyContext } from '../remedies/remedy-context.js'
import type { Fact, Observation, Severity, Side } from '../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../words/evidence.js'
import { Quote, type Shown } from '../words/quote.js'
import { byteCount } from '../words/quantities.js'

export interface Refusal extends Fact {
  /**
   * The transfer itself was refused, a preparatory command (SIZE, MDTM, CWD) without which it made no sense, or a
   * command that needs no data connection.
   */
  kind: 'transfer' | 'question' | 'command'
  command: CommandFact
  reply: ReplyFact
  user: Quote | null
  reason: RefusalReason
  /** Transfers and changes of the session that succeeded. */
  achieved: number
  /** The user got it in another way, or the client only asked whether it exists. */
  settled: boolean
}

/** Reasons that the client's side can remove: it names something else, or in another way. */
const BY_CLIENT: ReadonlySet<RefusalReason['kind']> = new Set([
  ...(['restart-beyond-end', 'size-in-ascii', 'name-format', 'data-set-name', 'list-options', 'encoding'] as const),
  ...(['blank', 'root', 'missing', 'exists', 'not-empty', 'is-directory', 'not-directory', 'name'] as const),
])

/** A refusal as an observation, without its channel. */
export function refusalOf(
  kind: Refusal['kind'],
  facts: SessionFacts,
  exchange: Exchange,
  reply: Reply,
  settled: boolean,
): Observation<Refusal> {
  const { session, wishes } = facts
  const { user } = session.dialogue
  const reason = refusalReason(session.dialogue, exchange, reply)
  const fact: Refusal = {
    kind,
    command: commandFact(exchange),
    reply: replyFact(reply),
    user: user === null ? null : new Quote(user),
    reason,
    achieved: wishes.achieved,
    settled,
  }
  return {
    fact,
    severity: severityOf(fact),
    side: sideOf(reason),
    // The user may try again after the end of the capture, or get what only a step towards it was refused for.
    confidence: session.cutOff && (kind !== 'transfer' || isLast(session, exchange)) ? 'medium' : 'high',
    harmless: settled,
    evidence: [
      replyEvidence(reply),
      commandEvidence(exchange),
      ...(reason.kind === 'restart-beyond-end'
        ? [at({ frame: reason.sizeFrame }, `${byteCount(reason.size)} stated`)]
        : []),
    ],
  }
}

function severityOf({ settled, achieved }: Refusal): Severity {
  if (settled) return 'info'
  return achieved > 0 ? 'warning' : 'error'
}

function sideOf({ kind }: RefusalReason): Side {
  return BY_CLIENT.has(kind) ? 'client' : 'server'
}

function isLast({ dialogue }: Session, exchange: Exchange): boolean {
  return dialogue.exchanges.at(-1) === exchange
}

/** The message: what was refused, what the refusal meant for the user, and what the packets say of the reason. */
export function refusalMessage({ command, reply, reason, achieved, settled }: Shown<Refusal>): string {
  const refused = `The server refused "${commandWords(command)}": "${replyWords(reply)}"`
  const effect = settled || achieved > 0 ? '' : ', and the client got nothing else that it asked for'
  const why = reasonWords(reason)
  return `${refused}${effect}.${why === '' ? '' : ` ${why}`}`
}

/** For tables: the command and the reply, as far as a table has room. */
export function refusalWhy({ command, reply }: Shown<Refusal>): string {
  return `refused: ${shortened(commandWords(command))} (${shortened(replyWords(reply))})`
}

/** Characters of a command or reply in a table. */
const IN_TABLE = 48

function shortened(text: string): string {
  return text.length <= IN_TABLE ? text : `${text.slice(0, IN_TABLE - 1)}…`
}

function reasonWords(reason: Shown<RefusalReason>): string {
  switch (reason.kind) {
    case 'restart-beyond-end':
      return `The client asked to resume at byte ${reason.restart} of a file of ${byteCount(reason.size)}, beyond its end.`
    case 'size-in-ascii':
      return 'The server does not state sizes in ASCII mode (TYPE A).'
    case 'name-format':
      return 'The server is in NAMEFMT 0, where names have the form library/file.member.'
    case 'data-set-name':
      return "z/OS puts the user's prefix before a data set name that is not in single quotes."
    case 'list-options':
      return 'The server took the option for the name of a file or directory.'
    case 'encoding':
      return reason.sent === 'utf-8'
        ? 'The name was sent in UTF-8; the server may store names in another encoding.'
        : 'The name was sent in an encoding other than UTF-8, such as ISO 8859-1 or Windows-1252.'
    case 'blank':
      return 'The server took only the part of the path before the first blank for the name.'
    case 'root':
      return 'The login began in "/", which is the root of the account: paths of the host may not exist below it.'
    default:
      return ''
  }
}

export function refusalSteps({ command, reason, user, settled }: Shown<Refusal>, context: RemedyContext): string[] {
  if (settled) return []
  return refusalRemedy(reason, commandWords(command), user, context)
}
