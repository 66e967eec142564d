import { observe, type Observed } from './observe.js'
import type { Session } from '../../src/correlate/model.js'
import type { Fact, Rule } from '../../src/diagnose/rule.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, dial, login, pasv, type FtpSession, type SessionOptions } from '../support/ftp-scene.js'
import { openControl, type Place } from '../support/places.js'

/** The session that a script plays at a place, of which nothing is said before it. */
export function spoken(place: Place, play: (session: FtpSession) => void, options: SessionOptions = {}): Session {
  const session = openControl(place, options)
  play(session)
  return sessionsOf(place.scene)[0]!
}

/** The same with greeting and login before the script. */
export function played(place: Place, play: (session: FtpSession) => void, options: SessionOptions = {}): Session {
  return spoken(
    place,
    (session) => {
      login(session)
      play(session)
    },
    options,
  )
}

/** What a rule says of a session of which nothing is said before the script. */
export function says<F extends Fact>(
  rule: Rule<F>,
  place: Place,
  play: (session: FtpSession) => void,
  options: SessionOptions = {},
): Observed<F>[] {
  return observe(rule, spoken(place, play, options))
}

/** What a rule says of a session with greeting and login. */
export function observed<F extends Fact>(
  rule: Rule<F>,
  place: Place,
  play: (session: FtpSession) => void,
  options: SessionOptions = {},
): Observed<F>[] {
  return observe(rule, played(place, play, options))
}

/** What a rule says of the last session of a scene. */
export function saysOfLast<F extends Fact>(rule: Rule<F>, { scene }: Place): Observed<F>[] {
  return observe(rule, sessionsOf(scene).at(-1)!)
}

/** The capture goes on for so long, without a packet of client and server. */
export function captureGoesOn({ scene }: Pick<Place, 'scene'>, milliseconds: number): void {
  scene.wait(milliseconds)
  scene.udp(scene.host('192.0.2.50'), 40_000, scene.host('192.0.2.51'), 53, 'question')
}

/** The client closes the control connection without a word. */
export function leave(session: FtpSession): void {
  session.control.close('client')
}

/** A download over an open data connection: what follows happens to it. */
export function download(
  play: (data: ReturnType<typeof dial>, session: FtpSession) => void,
  line = 'RETR big',
): (session: FtpSession) => void {
  return (session) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, line, '150 Opening BINARY mode data connection for big (900000 bytes).')
    play(data, session)
  }
}
