/** The timer of a server that waited in vain for a data connection to open. */
import type { Transfer } from '../../correlate/model.js'
import type { Announcement, Reply } from '../../ftp/model.js'
import { means } from '../facts/phrases.js'
import type { SessionFacts } from '../facts/session-facts.js'
import { type FittingTimers, fittingTimers, timerWords } from '../remedies/timers.js'
import { seconds } from '../words/quantities.js'

/** How long the server waited, and the timer of the same length. */
export interface OpeningTimer {
  waitedNs: number
  timer: FittingTimers
}

/** What the server waited for: the channel's announcement, its transfer if there is one, and the server's refusal. */
interface Awaited {
  announcement: Announcement
  transfer: Transfer | null
  reply: Reply | null
}

/**
 * The recognized server's timer whose length passed before its negative reply; `null` if none did. It runs from the
 * transfer command (vsftpd) or from the announcement (pyftpdlib).
 */
export function openingTimer(facts: SessionFacts, { announcement, transfer, reply }: Awaited): OpeningTimer | null {
  const end = reply ?? gaveUpUnasked(facts, announcement)
  const software = facts.session.dialogue.serverSoftware
  if (!end || software === null) return null
  for (const since of [transfer?.command.exchange.time, announcement.time]) {
    if (since === undefined) continue
    const waitedNs = end.time - since
    const timer = fittingTimers(software, waitedNs, [announcement.mode === 'passive' ? 'accept' : 'connect'])
    if (timer?.own) return { waitedNs, timer }
  }
  return null
}

/** As a sentence with a space before it; empty without a timer. */
export function openingTimerWords(found: OpeningTimer | null): string {
  return found ? ` The server gave up after ${seconds(found.waitedNs)} (${timerWords(found.timer)}).` : ''
}

/** "421 Passive data channel timed out." answers no command (pyftpdlib). */
function gaveUpUnasked({ replies }: SessionFacts, { time }: Announcement): Reply | null {
  const found = replies.find(
    ({ exchange, reply }) =>
      exchange.command === null && reply.code === 421 && reply.time > time && means(reply.text, 'data-timer'),
  )
  return found?.reply ?? null
}
