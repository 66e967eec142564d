import { type FtpSession, login } from '../support/ftp-scene.js'
import { openControl, type Place } from '../support/places.js'
import type { Scene } from '../support/scene.js'

/** A session with what an expert would call its outcome and its cause. */
export interface FaultScene {
  readonly name: string
  readonly outcome: 'ok' | 'degraded' | 'failed' | 'undetermined'
  readonly cause: string | null
  readonly make: () => Scene
}

type Script = (session: FtpSession, place: Place) => void

/** A control connection of which nothing is said before the script. */
export function opened(
  name: string,
  outcome: FaultScene['outcome'],
  cause: string | null,
  at: (description: string) => Place,
  play: Script,
): FaultScene {
  return {
    name,
    outcome,
    cause,
    make: () => {
      const place = at(name)
      play(openControl(place), place)
      return place.scene
    },
  }
}

/** The same, with greeting and login before the script. */
export function loggedIn(...[name, outcome, cause, at, play]: Parameters<typeof opened>): FaultScene {
  return opened(name, outcome, cause, at, (session, place) => {
    login(session)
    play(session, place)
  })
}
