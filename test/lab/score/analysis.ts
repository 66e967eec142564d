/** The part of the analyzer's JSON that the scoreboard looks at (`ftpscope --format json`). */
export interface Analysis {
  readonly summary: { readonly transfers: { readonly attempted: number; readonly completed: number } }
  readonly sessions: readonly AnalysedSession[]
  readonly findings: readonly AnalysedFinding[]
}

export interface AnalysedSession {
  readonly id: number
  readonly findings: readonly AnalysedFinding[]
  readonly verdict: {
    readonly outcome: 'ok' | 'degraded' | 'failed' | 'undetermined'
    readonly cause: string | null
    readonly confidence: 'high' | 'medium' | 'low'
  }
}

export interface AnalysedFinding {
  readonly id: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly confidence: 'high' | 'medium' | 'low'
  readonly side: string
}
