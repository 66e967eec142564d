import { describe, expect, it } from 'vitest'
import type { Expectation } from '../scenario.js'
import type { AnalysedFinding, AnalysedSession, Analysis } from './analysis.js'
import { judge, judgeCautiously } from './judge.js'
import { totalsOf } from './row.js'

type Verdict = AnalysedSession['verdict']

const finding = (id: string, severity: AnalysedFinding['severity'] = 'error'): AnalysedFinding => ({
  id,
  severity,
  confidence: 'high',
  side: 'server-network',
})
const session = (outcome: Verdict['outcome'], cause: string | null, confidence: Verdict['confidence'] = 'high') => ({
  id: 1,
  findings: cause === null ? [] : [finding(cause)],
  verdict: { outcome, cause, confidence },
})
const analysis = (...sessions: AnalysedSession[]): Analysis => ({
  summary: { sessions: sessions.length, transfers: { attempted: 1, completed: 0 } },
  sessions,
  findings: [],
})
const refused: Expectation = {
  outcome: 'failed',
  cause: 'passive-port-refused',
  also: ['load-balancer-split'],
  side: 'server-network',
  transfers: { attempted: 1, completed: 0 },
}

describe('a verdict', () => {
  it('is right when outcome and cause are as expected', () => {
    const { outcome, cause, side, transfers } = judge(refused, analysis(session('failed', 'passive-port-refused')))
    expect({ outcome, cause, side, transfers }).toEqual({ outcome: true, cause: true, side: true, transfers: true })
  })

  it('is right with a cause that the same packets allow', () => {
    expect(judge(refused, analysis(session('failed', 'load-balancer-split'))).cause).toBe(true)
  })

  it('is that of the worst session', () => {
    const all = analysis(session('ok', null), session('failed', 'passive-port-refused'), session('degraded', null))
    expect(judge(refused, all).said.outcome).toBe('failed')
  })

  it('is misleading when a wrong cause is told with high confidence', () => {
    expect(judge(refused, analysis(session('failed', 'control-reset'))).misleading).toBe(true)
    expect(judge(refused, analysis(session('failed', 'control-reset', 'medium'))).misleading).toBe(false)
  })

  it('on a healthy capture must bring no error finding', () => {
    const said = analysis({
      ...session('ok', null),
      findings: [finding('packet-loss'), finding('early-completion', 'info')],
    })
    expect(judge({ outcome: 'ok', cause: null }, said).falseAlarms).toEqual(['packet-loss'])
  })

  it('of a capture without sessions is undetermined', () => {
    expect(judge({ outcome: 'undetermined', cause: null }, analysis()).outcome).toBe(true)
  })
})

describe('a fault that a capture does not show', () => {
  const unseen: Expectation = { outcome: 'undetermined', cause: null, visible: false }

  it('may be told of modestly, and not with a sure and wrong cause', () => {
    expect(judge(unseen, analysis(session('failed', 'control-reset', 'low'))).cause).toBe(true)
    expect(judge(unseen, analysis(session('failed', 'control-reset'))).cause).toBe(false)
  })
})

describe('a cut capture', () => {
  it('may leave the verdict open', () => {
    const open = judgeCautiously(refused, analysis(session('undetermined', 'capture-one-sided')))
    expect([open.outcome, open.cause]).toEqual([true, true])
  })

  it('may not lead to a sure and wrong cause', () => {
    expect(judgeCautiously(refused, analysis(session('failed', 'not-ftp'))).cause).toBe(false)
  })
})

describe('the totals', () => {
  it('count what can be seen apart from what cannot', () => {
    const right = judge(refused, analysis(session('failed', 'passive-port-refused')))
    const wrong = judge(refused, analysis(session('ok', null)))
    const totals = totalsOf([
      { scenario: 'a', vantage: 'client', expected: refused, judgement: right },
      { scenario: 'a', vantage: 'middle', expected: refused, judgement: wrong },
      { scenario: 'a', vantage: 'server', expected: { ...refused, visible: false }, judgement: wrong },
    ])
    expect([totals.seen, totals.both, totals.unseen, totals.unseenRight]).toEqual([2, 1, 1, 1])
  })
})
