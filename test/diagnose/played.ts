import type { Session } from '../../src/correlate/model.js'
import type { Observation, Rule } from '../../src/diagnose/rule.js'
import { sessionsOf } from '../correlate/follow.js'
import { login, type FtpSession, type SessionOptions } from '../support/ftp-scene.js'
import { openControl, type Place } from '../support/places.js'
import { observe } from './session-builder.js'

/** The session that a script plays at a place, greeting and login before it. */
export function played(place: Place, play: (session: FtpSession) => void, options: SessionOptions = {}): Session {
  const session = openControl(place, options)
  login(session)
  play(session)
  return sessionsOf(place.scene)[0]!
}

/** What a rule says of such a session. */
export function observed(
  rule: Rule,
  place: Place,
  play: (session: FtpSession) => void,
  options: SessionOptions = {},
): Observation[] {
  return observe(rule, played(place, play, options))
}
