/** Which findings remain: how rules explain each other, and what follows for the verdict. */
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FindingId } from '../../src/diagnose/catalogue.js'
import { explains, type Scope } from '../../src/diagnose/explain.js'
import { judge } from '../../src/diagnose/judge.js'
import type { Rule } from '../../src/diagnose/rule.js'
import { RULES } from '../../src/diagnose/rules/rules.js'
import type { Session } from '../../src/correlate/model.js'
import { analyzed } from '../property/essence.js'
import { analyzeFile } from '../support/analyze-file.js'
import { sampleCaptures } from '../support/captures.js'
import { ask, command, dial, dialBack, dialInVain, pasv, port, quit, reply } from '../support/ftp-scene.js'
import { atClient, atServer, type Place } from '../support/places.js'
import { verdictOn } from './observe.js'
import { leave, played } from './played.js'
import { FAULT_SCENES } from './scenes.js'
import { LOGIN, secure13, talk13 } from './secured.js'

/** A rule that found something about a data channel, or about the session as a whole. */
interface Found {
  rule: Rule
  of: 'channel' | 'session'
}

const found = RULES.flatMap((rule): Found[] => [
  { rule, of: 'channel' },
  { rule, of: 'session' },
])

function scopeOf(higher: Found, lower: Found): Scope {
  if (higher.of === lower.of) return 'same'
  return higher.of === 'channel' ? 'channel-to-session' : 'session-to-channel'
}

/** Circles of findings of which each explains the next one. */
function circles(): string[] {
  const all: string[] = []
  const path: Found[] = []
  const done = new Set<Found>()
  const visit = (higher: Found): void => {
    if (done.has(higher)) return
    const at = path.indexOf(higher)
    if (at >= 0) {
      all.push([...path.slice(at), higher].map(({ rule, of }) => `${rule.id} (${of})`).join(' > '))
      return
    }
    path.push(higher)
    for (const lower of found) {
      if (lower.rule !== higher.rule && explains(higher.rule, lower.rule, scopeOf(higher, lower))) visit(lower)
    }
    path.pop()
    done.add(higher)
  }
  found.forEach(visit)
  return all
}

const rule = (id: FindingId): Rule => RULES.find((each) => each.id === id)!

/** Ids of what remains, without the password in clear text. */
const remaining = (session: Session) =>
  judge(session)
    .findings.map(({ id }) => id)
    .filter((id) => id !== 'cleartext-credentials')

describe('Rules that explain each other', () => {
  it('form no circle, on one data channel, on the session, and between the two', () => {
    expect(circles()).toEqual([])
  })

  it('follow a list where that contradicts the levels', () => {
    for (const [higher, lower] of [
      ['idle-timeout', 'control-idle-dropped'],
      ['service-unavailable', 'greeting-missing'],
      ['tls-handshake-failed', 'transfer-stalled'],
    ] as const) {
      expect(explains(rule(higher), rule(lower), 'same')).toBe(true)
      expect(explains(rule(lower), rule(higher), 'same')).toBe(false)
    }
  })

  it('reach from a data channel to how the session ended, and from a cause of the session to its data channels', () => {
    const [effect, aftermath, symptom] = [rule('transfer-stalled'), rule('control-reset'), rule('login-rejected')]
    expect(explains(effect, aftermath, 'channel-to-session')).toBe(true)
    expect(explains(effect, symptom, 'channel-to-session')).toBe(false)
    expect(explains(effect, rule('transfer-refused'), 'session-to-channel')).toBe(false)
    expect(explains(rule('not-ftp'), rule('transfer-refused'), 'session-to-channel')).toBe(true)
  })
})

describe('A finding that did no harm', () => {
  it('explains only what its rule names', () => {
    const session = played(atServer(''), (control) => {
      port(control, 52_300)
      command(control, 'LIST')
      const from = control.scene.host('203.0.113.21', { hopLimit: 64, distance: 0.02 })
      const data = dialBack(control, 52_300, { from, fromPort: 50_500 })
      reply(control, '150 Here it comes.')
      data.client(3000).close('client')
      reply(control, '426 Failure writing network stream.')
      quit(control)
    })
    // The server used another address, and from a port other than 20: harmless here, and no reason for the 426.
    expect(remaining(session)).toEqual(['transfer-incomplete', 'active-source-address'])
  })
})

describe('A finding that may only be absent from the capture', () => {
  it('explains nothing', () => {
    const place = atClient('')
    place.scene.drop(({ tcp }) => tcp?.sourcePort !== 21 && tcp?.destinationPort !== 21)
    const session = played(place, (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'RETR report.bin', '150 Opening.')
      data.close('server')
      reply(control, '425 Backend is away.')
      quit(control)
    })
    // The data connection is not missing, the capture lacks it; that the server gave up is in the capture.
    expect(remaining(session)).toEqual(['transfer-failed', 'capture-filter-suspected'])
    expect(verdictOn(session)).toMatchObject({ outcome: 'failed', cause: 'transfer-failed' })
  })
})

describe('A session', () => {
  it('is undetermined where its only error is one that a fault of the capture accounts for', () => {
    const hidden = (place: Place) =>
      verdictOn(
        played(place, (control) => {
          secure13(control)
          talk13(control, ...LOGIN)
          dialInVain(control, 443)
          leave(control)
        }),
      )
    expect(hidden(atClient(''))).toMatchObject({ outcome: 'failed', cause: 'transfer-failed' })
    const oneSided = atClient('')
    oneSided.scene.drop(({ source }) => source === oneSided.server.address)
    expect(hidden(oneSided)).toMatchObject({ outcome: 'undetermined', cause: 'capture-one-sided' })
  })

  it('is not failed without a cause, in any scene', () => {
    for (const { make } of FAULT_SCENES) {
      const [session] = analyzed(make().toPcap()).sessions
      if (session?.verdict.outcome === 'failed') expect(session.verdict.cause).not.toBeNull()
    }
  })

  it('is not failed without a cause, in any sample', () => {
    const unexplained = sampleCaptures().flatMap((path) =>
      analyzeFile(path)
        .sessions.filter(({ verdict: { outcome, cause } }) => outcome === 'failed' && cause === null)
        .map(({ id }) => `session ${id} of ${basename(path)}`),
    )
    expect(unexplained).toEqual([])
  })
})
