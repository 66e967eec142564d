/**
 * What `passive-not-attempted` and `active-not-attempted` share: a port was announced and accepted, and no SYN to it
 * was captured. The rules differ in how long they wait for one, and in what its absence means.
 */
import type { DataChannel, Transfer } from '../../correlate/model.js'
import type { Announcement, Mode, Reply } from '../../ftp/model.js'
import { negativeReply } from '../facts/attempt.js'
import { saysLocalError } from '../facts/server-words.js'
import type { SessionFacts } from '../facts/session-facts.js'
import type { Vantage } from '../facts/vantage.js'
import type { Fact } from '../rule.js'
import { endpointText, type ReplyFact, replyFact } from '../words/evidence.js'
import { type OpeningTimer, openingTimer } from './opening-timer.js'

export interface NotAttempted<Kind extends string> extends Fact {
  kind: Kind
  /** Address and port without a connection attempt, as text. */
  target: string
  /** How long no SYN came. */
  waitedNs: number
  /** Where the session was captured. */
  vantage: Vantage
  /** Only control connections were captured. */
  filtered: boolean
  /** The server's final refusal. */
  reply: ReplyFact | null
  /** The timer of the server that ended its wait for the connection; `null` if none is known to fit. */
  timer: OpeningTimer | null
}

export interface Candidate {
  channel: DataChannel
  announcement: Announcement
  transfer: Transfer | null
  reply: Reply | null
}

/** Channels accepted but never tried, unless the transfer needed none or a later attempt succeeded. */
export function* neverTried(facts: SessionFacts, mode: Mode): Generator<Candidate> {
  if (facts.hidden) return
  const { flows } = facts.session.control
  const gaps = flows.some(({ missingBytes }) => missingBytes > 0)
  for (const channel of facts.session.channels) {
    const { announcement, transfer } = channel
    if (channel.mode !== mode || channel.state !== 'not-attempted' || !announcement?.accepted) continue
    // To a port that the capture does not have, any connection may have gone.
    if (announcement.malformed !== null || announcement.cutPorts || facts.madeGood(channel)) continue
    // Another place saw the attempt: it never came here.
    if (facts.path?.wasTried(channel)) continue
    // Completed over a connection that was not captured, or refused before one was needed.
    const reply = negativeReply(channel)
    const refused = transfer?.outcome === 'refused' && !(reply && saysLocalError(reply))
    if (transfer?.outcome === 'completed' || refused) continue
    // What the capture lacks of the dialogue may be the refusal for which none was needed.
    if (gaps && !reply) continue
    yield { channel, announcement, transfer, reply }
  }
}

export function notAttemptedFact<Kind extends string>(
  facts: SessionFacts,
  candidate: Candidate,
  kind: Kind,
  waitedNs: number,
): NotAttempted<Kind> {
  const { channel, reply } = candidate
  const { to } = channel
  return {
    kind,
    target: endpointText(to.address, to.port),
    waitedNs,
    vantage: facts.vantage.at,
    filtered: facts.filtered,
    reply: reply && replyFact(reply),
    timer: openingTimer(facts, candidate),
  }
}
