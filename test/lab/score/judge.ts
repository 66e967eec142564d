import type { Expectation } from '../scenario.js'
import type { AnalysedSession, Analysis } from './analysis.js'

/** What the analyzer said of a capture, and where that is right. */
export interface Judgement {
  readonly said: Said
  readonly outcome: boolean
  readonly cause: boolean
  /** null where nothing is expected. */
  readonly side: boolean | null
  readonly transfers: boolean | null
  /** Findings that were expected beside the verdict and are absent. */
  readonly absent: readonly string[]
  /** Error findings where nothing is wrong. */
  readonly falseAlarms: readonly string[]
  /** A wrong cause, told with high confidence. */
  readonly misleading: boolean
}

export interface Said {
  readonly outcome: Expectation['outcome']
  readonly cause: string | null
  readonly confidence: 'high' | 'medium' | 'low'
  readonly side: string | null
  readonly transfers: { readonly attempted: number; readonly completed: number }
}

export function judge(expected: Expectation, analysis: Analysis): Judgement {
  const said = verdictOf(analysis)
  const outcome = accepts(expected.outcome, expected.alsoOutcome, said.outcome)
  const cause = accepts(expected.cause, expected.also, said.cause)
  const modest = said.cause === null || said.outcome === 'undetermined' || said.confidence !== 'high'
  const misleading = !cause && !modest
  const healthy = expected.outcome === 'ok' && expected.visible !== false
  return {
    said,
    outcome: expected.visible === false ? !misleading : outcome,
    cause: expected.visible === false ? !misleading : cause,
    side:
      expected.side === undefined || !cause || said.cause === null
        ? null
        : accepts(expected.side, expected.alsoSide, said.side),
    transfers: expected.transfers === undefined ? null : sameCount(expected.transfers, said.transfers),
    absent: absentFrom(analysis, expected.findings ?? []),
    falseAlarms: healthy ? errorsIn(analysis).filter((id) => !acceptedIds(expected).has(id)) : [],
    misleading,
  }
}

/**
 * The demand on a capture that lost part of what the whole one shows: a right verdict, or a modest one.
 * What a cause may never be is wrong and sure of itself.
 */
export function judgeCautiously(expected: Expectation, analysis: Analysis): Judgement {
  const whole = judge(expected, analysis)
  return {
    ...whole,
    outcome: !whole.misleading,
    cause: !whole.misleading,
    side: null,
    transfers: null,
    absent: [],
    falseAlarms: [],
  }
}

const RANK = ['failed', 'degraded', 'undetermined', 'ok'] as const

/** The verdict of the worst session; a capture without any session says nothing. */
function verdictOf({ sessions, summary }: Analysis): Said {
  const worst = [...sessions].sort((a, b) => badness(a) - badness(b))[0]
  const { transfers } = summary
  if (!worst) return { outcome: 'undetermined', cause: null, confidence: 'low', side: null, transfers }
  const { outcome, cause, confidence } = worst.verdict
  const side = worst.findings.find(({ id }) => id === cause)?.side ?? null
  return { outcome, cause, confidence, side, transfers }
}

const badness = ({ verdict }: AnalysedSession): number =>
  RANK.indexOf(verdict.outcome) * 2 + (verdict.cause === null ? 1 : 0)

const findingsOf = ({ sessions, findings }: Analysis) => [
  ...findings,
  ...sessions.flatMap((session) => session.findings),
]

function errorsIn(analysis: Analysis): string[] {
  const errors = findingsOf(analysis).filter(({ severity }) => severity === 'error')
  return [...new Set(errors.map(({ id }) => id))]
}

function absentFrom(analysis: Analysis, wanted: readonly string[]): string[] {
  const present = new Set(findingsOf(analysis).map(({ id }) => id))
  return wanted.filter((id) => !present.has(id))
}

function acceptedIds({ cause, also = [] }: Expectation): ReadonlySet<string | null> {
  return new Set<string | null>([cause, ...also])
}

function accepts<Value>(first: Value, others: readonly Value[] | undefined, said: unknown): boolean {
  return first === said || (others ?? []).some((other) => other === said)
}

const sameCount = (a: Said['transfers'], b: Said['transfers']): boolean =>
  a.attempted === b.attempted && a.completed === b.completed
