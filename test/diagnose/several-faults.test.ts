import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { judge } from '../../src/diagnose/judge.js'
import { dialInVain, login, pasv } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import type { Scene } from '../support/scene.js'
import { follow } from '../correlate/follow.js'
import { analyzed } from '../property/essence.js'
import { FAULT_SCENES } from './scenes.js'

const analysisOf = (scene: Scene): Analysis => analyzed(scene.toPcap())

/** A session whose passive ports are refused `count` times. */
function failingSession(count: number): Scene {
  const place = atClient('many failures')
  const session = openControl(place)
  login(session)
  for (let i = 0; i < count; i++) {
    pasv(session, 40_000 + (i % 20_000))
    dialInVain(session, 40_000 + (i % 20_000), { attempts: 1, answer: 'rst' })
  }
  session.control.close('client')
  return place.scene
}

describe('The verdict on a session with several things in it', () => {
  it.each(FAULT_SCENES.map((each) => [each.name, each] as const))('%s', (_, { make, outcome, cause }) => {
    const [session] = analysisOf(make()).sessions
    expect([session?.verdict.outcome, session?.verdict.cause]).toEqual([outcome, cause])
  })

  it('names an additional capture only if it is uncertain, and never without a question', () => {
    for (const { make } of FAULT_SCENES) {
      const { verdict } = analysisOf(make()).sessions[0]!
      if (verdict.outcome === 'ok' || verdict.confidence === 'high') expect(verdict.settledBy).toBeNull()
      else expect(verdict.settledBy).toMatch(/^(?:Capture|Start the capture) .+[.?]$/)
    }
  })

  it('can be pasted into a ticket: who, what, evidence, what to change', () => {
    const scene = FAULT_SCENES.find(({ cause }) => cause === 'passive-private-address')!.make()
    const [session] = analysisOf(scene).sessions
    const { ticket } = session!.verdict
    expect(ticket).toContain('192.168.1.10:52228 to 203.0.113.20:21, user alice')
    expect(ticket).toContain(session!.verdict.sentence)
    expect(ticket).toMatch(/Evidence: frames? \d+(?:, \d+)*(?: …)?\. /)
    expect(ticket).toContain('pasv_address=203.0.113.20')
    expect(ticket).not.toContain('wonderland')
  })

  it('has no ticket where nothing is wrong', () => {
    const fine = FAULT_SCENES.find(({ outcome }) => outcome === 'ok')!.make()
    expect(analysisOf(fine).sessions[0]!.verdict.ticket).toBeNull()
  })

  it('looks at each of thousands of failing channels once', () => {
    const [session] = follow(failingSession(3000).toPcap()).sessions
    let looks = 0
    const { channels } = session!
    const counted = new Proxy(channels, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++
        return Reflect.get(target, key) as unknown
      },
    })
    const { findings } = judge({ ...session!, channels: counted })
    expect(findings.map(({ id }) => id)).toContain('passive-port-refused')
    // A hundred rules and a few passes; one rule that walks all channels for each channel would make it millions.
    expect(looks).toBeLessThan(channels.length * 150)
  })
})
