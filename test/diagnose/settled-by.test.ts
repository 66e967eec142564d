import { describe, expect, it } from 'vitest'
import type { FindingId } from '../../src/diagnose/catalogue.js'
import { complete } from '../../src/diagnose/judge.js'
import { RULES } from '../../src/diagnose/rules/rules.js'
import type { Finding, Side } from '../../src/diagnose/rule.js'
import { SessionFacts } from '../../src/diagnose/facts/session-facts.js'
import type { Outcome } from '../../src/diagnose/outcome.js'
import type { Verdict } from '../../src/diagnose/verdict.js'
import { settledBy } from '../../src/diagnose/words/settled-by.js'
import type { Session } from '../../src/correlate/model.js'
import { ask, command, dialInVain, epsv, pasv, port, quit } from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan, type Place } from '../support/places.js'
import { played } from './played.js'

/** An uncertain finding, on a channel if one is given. */
function unsure(id: FindingId, { side, session }: { side?: Side; session?: Session } = {}): Finding {
  const rule = RULES.find((each) => each.id === id)!
  const channel = session?.channels[0]
  return complete(rule, {
    confidence: 'medium',
    fact: { kind: 'something' },
    evidence: [{ frame: 1, quote: null, note: 'a frame' }],
    ...(side ? { side } : {}),
    ...(channel ? { channel } : {}),
  })
}

const idle = (place: Place) => played(place, quit)
const settles = (session: Session, cause: Finding | null, others: Finding[] = [], outcome: Outcome = 'failed') =>
  settlesWith(session, { outcome, cause, confidence: cause?.confidence ?? 'low' }, cause ? [cause, ...others] : others)
const settlesWith = (session: Session, verdict: Verdict, findings: Finding[]) =>
  settledBy({ session, facts: new SessionFacts(session), findings, verdict })

describe('The capture that would confirm a verdict', () => {
  it('is not named if the session worked, or the verdict is certain', () => {
    const session = idle(atClient(''))
    const cause = unsure('control-reset')
    expect(settlesWith(session, { outcome: 'ok', confidence: 'low', cause }, [cause])).toBeNull()
    expect(settlesWith(session, { outcome: 'failed', confidence: 'high', cause }, [cause])).toBeNull()
  })

  it.each([
    ['capture-one-sided', 'both directions'],
    ['capture-starts-inside', 'before the client connects'],
    ['capture-ends-inside', 'until the client has closed'],
    ['capture-loss', 'without losing packets'],
    ['capture-filter-suspected', 'host 203.0.113.20 and (tcp or icmp or icmp6)'],
  ] as const)('does not have the defect %s of this one', (id, words) => {
    expect(settles(idle(atClient('')), unsure(id), [], 'undetermined')).toContain(words)
  })

  it('lasts longer if only the end of this one leaves the outcome open', () => {
    const open = played(atClient(''), (session) => {
      command(session, 'LIST')
    })
    expect(settles(open, null, [], 'undetermined')).toContain('until the client has closed')
    expect(settles(idle(atClient('')), null, [], 'undetermined')).toBeNull()
  })

  it('is taken at the other end: at the client if this one was taken at the server, and vice versa', () => {
    const lost = (place: Place, play: Parameters<typeof played>[1]) => {
      const session = played(place, play)
      return settles(session, unsure('passive-port-unanswered', { session }))
    }
    const passive: Parameters<typeof played>[1] = (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
    }
    expect(lost(atClient(''), passive)).toBe(
      'Capture at the server at the same time, and check: ' +
        "does the client's SYN to port 50005 arrive there, and what answers it?",
    )
    expect(lost(atServer(''), passive)).toBe(
      'Capture at the client at the same time, and check: ' +
        "does the client's SYN to port 50005 leave it, and what answers it?",
    )
    expect(
      lost(atClient(''), (session) => {
        port(session, 52_300)
      }),
    ).toContain("at the server at the same time, and check: does the server's SYN to port 52300 leave it")
  })

  it('is taken on the side that the cause indicates if the vantage of this one is unknown, or on both', () => {
    const session = played(inLan(''), (control) => {
      epsv(control, 50_005)
      dialInVain(control, 50_005)
    })
    const where = (side: Side) => settles(session, unsure('passive-port-unanswered', { side, session }))
    expect(where('client-network')).toContain('Capture at the client')
    expect(where('server-network')).toContain(
      "Capture at the server at the same time, and check: does the client's SYN to port 50005 arrive there",
    )
    expect(where('path')).toMatch(
      /^Capture at the client and at the server .* where is the client's SYN to port 50005, announced in #\d+, or its/,
    )
  })

  it('is to show the handshake of a data connection that nothing announced', () => {
    const session = played(between('', { client: '10.7.0.2' }), (control) => {
      ask(control, 'LIST', '425 No.')
    })
    const question = settles(session, unsure('active-port-unanswered', { side: 'path', session }))
    expect(question).toContain(`announced in #${session.control.first.frame}`)
    const { channel, ...rest } = unsure('active-port-unanswered', { side: 'path' })
    expect(channel).toBeNull()
    expect(settles(session, { ...rest, channel })).toContain('does the SYN of the data connection leave')
  })

  it('is to show what the group of the cause concerns, if there is no more specific question', () => {
    expect(settles(idle(atClient('')), unsure('transfer-stalled'))).toContain('which segments of the data connection')
    expect(settles(idle(atClient('')), unsure('control-reset'))).toContain('which packets of the control connection')
  })
})
