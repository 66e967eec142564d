import { type Exchange, FROM_CLIENT } from '../../ftp/model.js'
import type { Sighting } from '../../tcp/connection.js'
import { isEstablished } from './passive.js'
import type { SessionFacts } from './session-facts.js'

/** The client's next step after a command, where that leads away from what the command was for. */
export interface Departure extends Sighting {
  /** `other` is another announcement: a change of mind. */
  how: 'quit' | 'close' | 'other'
}

/** Verbs with which a client tries another way to a data connection. */
const OTHER_WAYS = new Set(['PASV', 'EPSV', 'LPSV', 'CPSV', 'SPSV', 'PORT', 'EPRT', 'LPRT'])

/**
 * How the client gave up what a command was for: QUIT, the close of the control connection, or another announcement as
 * its next step. `null` if it continued, if the server ended the session, or if the capture ended before.
 */
export function departure(facts: SessionFacts, command: Exchange): Departure | null {
  const next = facts.commandAfter(command)
  if (next) {
    const { frame, time } = next
    if (next.command === 'QUIT') return { frame, time, how: 'quit' }
    return OTHER_WAYS.has(next.command!) ? { frame, time, how: 'other' } : null
  }
  const { closing } = facts
  return closing?.direction === FROM_CLIENT ? { frame: closing.frame, time: closing.time, how: 'close' } : null
}

/** The same for a client that leaves the session, rather than trying another way. */
export function leaving(facts: SessionFacts, command: Exchange): Departure | null {
  const step = departure(facts, command)
  return step?.how === 'other' ? null : step
}

/** A client that is silent for this long has stopped, even if the capture ends before it closes. */
const SILENCE_NS = 30e9
/** Commands that a client may still try after a reply of which it can make no sense. */
const LAST_TRIES = 3

/**
 * The client got no further because it took the reply to a command for another one: it left or fell silent, directly or
 * after a few vain tries, and what the command was for did not come about.
 */
export function stopsAfter(facts: SessionFacts, command: Exchange): boolean {
  const { session, closing } = facts
  const { channels } = session
  let last = command
  for (let tries = 0; ; tries++) {
    const next = facts.commandAfter(last)
    if (!next || next.command === 'QUIT') break
    if (tries === LAST_TRIES || channels.some(isEstablished)) return false
    last = next
  }
  const own = channels.find((each) => each.announcement?.exchange === last || each.transfer?.command.exchange === last)
  const worked = own ? isEstablished(own) || own.transfer?.outcome === 'completed' : channels.some(isEstablished)
  return !worked && (closing !== null || leaving(facts, last) !== null || facts.waitedSince(last) >= SILENCE_NS)
}
