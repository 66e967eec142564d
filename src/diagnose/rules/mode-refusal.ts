/**
 * What `passive-rejected` and `active-rejected` share: the server refuses every announcement of one mode, and no other
 * mode works.
 */
import type { DataChannel } from '../../correlate/model.js'
import type { AnnouncementVerb, Mode, Reply } from '../../ftp/model.js'
import type { SessionFacts } from '../facts/session-facts.js'
import type { Fact, Observation } from '../rule.js'
import { commandEvidence, type ReplyFact, replyEvidence, replyFact } from '../words/evidence.js'

/** Refusals that concern the login, or end the session (RFC 959 §4.2.2). */
const OTHER_MATTERS = [421, 530]

export interface ModeRefusal<Kind extends string> extends Fact {
  kind: Kind
  /** The last command that was refused, and its reply. */
  verb: AnnouncementVerb
  reply: ReplyFact
}

/** `kindOf` distinguishes the refusals by their reply. */
export function* modeRefusal<Kind extends string>(
  facts: SessionFacts,
  mode: Mode,
  kindOf: (reply: Reply) => Kind,
): Generator<Observation<ModeRefusal<Kind>>> {
  const rejected = facts.session.channels.filter((channel) => channel.mode === mode && channel.announcement?.refused)
  const last: DataChannel | undefined = rejected.at(-1)
  if (!last || facts.lastAccepted > last.id || facts.madeGood(last)) return
  const { verb, reply } = last.announcement!
  if (!reply || OTHER_MATTERS.includes(reply.code)) return
  yield {
    fact: { kind: kindOf(reply), verb, reply: replyFact(reply) },
    confidence: 'high',
    evidence: [replyEvidence(reply), ...rejected.map(({ announcement }) => commandEvidence(announcement!.exchange))],
    channel: last,
  }
}
