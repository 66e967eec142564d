import type { FindingReport, SessionReport } from '../../report/contract.js'
import type { Severity } from '../../diagnose/rule.js'
import type { Outcome } from '../../diagnose/outcome.js'
import type { FailOn } from '../options.js'

/** The sessions that `--session` names, or all, and what of them decides on the exit status. */
export class SessionSelection {
  /** Ids requested; `null` for all. */
  readonly chosen: ReadonlySet<number> | null
  readonly #missing: Set<number>
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  readonly #outcomes: Record<Outcome, number> = { ok: 0, degraded: 0, failed: 0, undetermined: 0 }
  readonly #ignored: ReadonlySet<string>
  /** Number of sessions taken. */
  taken = 0

  /** Findings that are ignored do not count, nor do outcomes that they explain. */
  constructor(ids: readonly number[] | undefined, ignored: readonly string[] = []) {
    this.#ignored = new Set(ignored)
    this.chosen = ids ? new Set(ids) : null
    this.#missing = new Set(ids)
  }

  /**
   * True for a session that belongs in the report; to be called once for each. `ids` are those under which several
   * places have it.
   */
  takes({ id, findings, verdict }: SessionReport, ids: readonly number[] = [id]): boolean {
    const { chosen } = this
    if (chosen && !ids.some((each) => chosen.has(each))) return false
    this.taken++
    if (verdict.cause === null || !this.#ignored.has(verdict.cause)) this.#outcomes[verdict.outcome]++
    for (const each of ids) this.#missing.delete(each)
    this.count(findings)
    return true
  }

  count(findings: readonly FindingReport[]): void {
    for (const { id, severity } of findings) if (!this.#ignored.has(id)) this.#counts[severity]++
  }

  /** Requested ids that no session has. */
  get missing(): number[] {
    return [...this.#missing]
  }

  /** Names the missing ones. */
  get notFound(): string {
    return `No session ${this.missing.join(', ')}`
  }

  /** True if the exit status is to say so: for a finding or an outcome at least as bad, or for no session at all. */
  meets(failOn: FailOn): boolean {
    const { failed, degraded, undetermined } = this.#outcomes
    const { error, warning } = this.#counts
    switch (failOn) {
      case 'error':
        return error > 0
      case 'warning':
        return error + warning > 0
      case 'failed':
        return failed > 0
      case 'degraded':
        return failed + degraded > 0
      case 'undetermined':
        return failed + degraded + undetermined > 0
      case 'none':
        return this.taken === 0
    }
  }
}
