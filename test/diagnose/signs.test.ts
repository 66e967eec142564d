/** Rules are asked only about sessions that show what they need: that must not cost a finding. */
import { describe, expect, it } from 'vitest'
import { RULES } from '../../src/diagnose/rules/rules.js'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import { bitsOf, signsOf } from '../../src/diagnose/facts/signs.js'
import { captures } from '../support/captures.js'
import { sessionsOf } from '../support/sessions-of.js'

describe('what rules need', () => {
  it('is shown by every session that they would report on, in every capture at hand', () => {
    const missed = new Set<string>()
    let spared = 0
    for (const path of captures()) {
      for (const session of sessionsOf(path)) {
        const signs = signsOf(session, null)
        for (const rule of RULES) {
          const lacking = bitsOf(rule.needs ?? []) & ~signs
          if (lacking === 0) continue
          spared++
          if ([...rule.check(session, new SessionFacts(session))].length > 0)
            missed.add(`${rule.id}: ${path}, session ${session.id}`)
        }
      }
    }
    expect([...missed]).toEqual([])
    expect(spared).toBeGreaterThan(1000)
  }, 120_000)

  it('is little in most sessions: more than half of the rules are spared a healthy one', () => {
    const [session] = sessionsOf(captures().find((path) => path.endsWith('made/tracker-prediction--silent.pcap'))!)
    const signs = signsOf(session!, null)
    const asked = RULES.filter((rule) => (bitsOf(rule.needs ?? []) & ~signs) === 0)
    expect(asked.length).toBeLessThan(RULES.length / 2)
  })
})
