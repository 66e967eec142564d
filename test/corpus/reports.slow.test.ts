/**
 * Trouble that people reported in public, replayed: each capture lies beside what an answer has to contain. The
 * captures are not part of the project, so this is skipped where they are absent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import type { FindingReport, SessionReport } from '../../src/report/contract.js'
import { analyzeFile } from '../support/analyze-file.js'
import { CORPUS } from '../support/captures.js'

const REPORTS = join(CORPUS, '..', 'reports')

/** What is expected of one capture; patterns are regular expressions without regard to case. */
interface Expected {
  /** For each session, its acceptable outcomes. */
  outcomes?: (string[] | null)[]
  /** Number of sessions, or least and most. */
  sessions?: number | number[]
  /** Sessions, from 1, that `causes` and `notSay` concern; otherwise those that are not ok. */
  session?: number | number[]
  causes?: string[] | null
  notCauses?: string[]
  say?: string[]
  /** Must not be advised. */
  notSay?: string[]
  /** Errors that may be reported; `none`: no error. */
  errors?: string[] | 'none'
}

const expected: [string, Expected][] = existsSync(REPORTS)
  ? Object.entries(
      (JSON.parse(readFileSync(join(REPORTS, 'expect.json'), 'utf8')) as { cases: Record<string, Expected> }).cases,
    )
  : []

const matches = (pattern: string, text: string) => new RegExp(pattern, 'i').test(text.replace(/\s+/g, ' '))
const all = ({ findings, sessions }: Analysis): FindingReport[] => [
  ...sessions.flatMap((session) => session.findings),
  ...findings,
]

/** Findings full of words that are not about why a session failed. */
const ASIDE = new Set(['tracker-prediction', 'cleartext-credentials'])

/** The sentences of an analysis. */
function statements(analysis: Analysis): string[] {
  const findings = all(analysis).filter(({ id }) => !ASIDE.has(id))
  return [
    ...analysis.sessions.map(({ verdict }) => verdict.sentence),
    ...findings.flatMap(({ title, message, remedy }) => [title, message, ...remedy]),
  ]
}

/** The sentence of the verdict, and what to change. */
function advice({ verdict, findings }: SessionReport): string {
  const remedies = findings.flatMap(({ id, remedy }) => (id === verdict.cause ? remedy : []))
  return [verdict.sentence, ...remedies].join('\n')
}

/** What is wrong with the answer. */
function faults(analysis: Analysis, spec: Expected): string[] {
  const { sessions } = analysis
  const found: string[] = []
  const count = spec.sessions ?? spec.outcomes?.length ?? sessions.length
  if (![count].flat().includes(sessions.length)) found.push(`${sessions.length} sessions`)
  spec.outcomes?.forEach((wanted, at) => {
    const outcome = sessions[at]?.verdict.outcome
    if (wanted && outcome !== undefined && !wanted.includes(outcome)) found.push(`session ${at + 1} is ${outcome}`)
  })
  const which = spec.session === undefined ? null : [spec.session].flat()
  const concerned = sessions.filter(({ verdict }, at) => (which ? which.includes(at + 1) : verdict.outcome !== 'ok'))
  for (const session of concerned) {
    const { outcome, cause } = session.verdict
    const needsCause = outcome === 'failed' || (outcome === 'degraded' && spec.causes)
    if (needsCause && (cause === null || (spec.causes && !spec.causes.includes(cause)))) found.push(`cause ${cause}`)
    if (cause !== null && spec.notCauses?.includes(cause)) found.push(`cause ${cause}`)
    for (const pattern of spec.notSay ?? []) if (matches(pattern, advice(session))) found.push(`advises ${pattern}`)
  }
  const told = statements(analysis)
  for (const pattern of spec.say ?? [])
    if (!told.some((text) => matches(pattern, text)) && !matches(pattern, told.join(' ')))
      found.push(`does not say ${pattern}`)
  const allowed = spec.errors === 'none' ? [] : spec.errors
  const alarms = all(analysis).filter(({ id, severity }) => severity === 'error' && allowed && !allowed.includes(id))
  return [...found, ...alarms.map(({ id }) => `false alarm ${id}`)]
}

describe.skipIf(expected.length === 0)('Trouble that was reported in public', () => {
  it.each(expected)('%s is explained', (name, spec) => {
    expect(faults(analyzeFile(join(REPORTS, 'cases', name, 'capture.pcap')), spec)).toEqual([])
  })
})
