/** The part of the analyzer's JSON that the scoreboard looks at (`ftpscope --format json`). */
export interface Analysis {
  readonly summary: {
    readonly sessions: number
    readonly transfers: { readonly attempted: number; readonly completed: number }
  }
  readonly sessions: readonly AnalysedSession[]
  readonly findings: readonly AnalysedFinding[]
  /** Sessions that several places saw. */
  readonly paths?: readonly AnalysedPath[]
}

export interface AnalysedPath {
  readonly sessions: readonly number[]
  readonly places: readonly { readonly at: string }[]
  readonly verdict: AnalysedSession['verdict']
}

export interface AnalysedSession {
  readonly id: number
  readonly findings: readonly AnalysedFinding[]
  readonly verdict: {
    readonly outcome: 'ok' | 'degraded' | 'failed' | 'undetermined'
    readonly cause: string | null
    readonly confidence: 'high' | 'medium' | 'low'
    readonly settledBy?: string | null
  }
}

export interface AnalysedFinding {
  readonly id: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly confidence: 'high' | 'medium' | 'low'
  readonly side: string
}
