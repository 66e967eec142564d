import type { FindingReport, SessionReport } from '../../report/contract.js'
import type { Severity } from '../../diagnose/rule.js'

/** The sessions that `--session` names, or all, and the severities of their findings. */
export class SessionSelection {
  /** Ids requested; `null` for all. */
  readonly chosen: ReadonlySet<number> | null
  readonly #missing: Set<number>
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  /** Number of sessions taken. */
  taken = 0

  constructor(ids: readonly number[] | undefined) {
    this.chosen = ids ? new Set(ids) : null
    this.#missing = new Set(ids)
  }

  /**
   * True for a session that belongs in the report; to be called once for each. `ids` are those under which several
   * places have it.
   */
  takes({ id, findings }: SessionReport, ids: readonly number[] = [id]): boolean {
    const { chosen } = this
    if (chosen && !ids.some((each) => chosen.has(each))) return false
    this.taken++
    for (const each of ids) this.#missing.delete(each)
    this.count(findings)
    return true
  }

  count(findings: readonly FindingReport[]): void {
    for (const { severity } of findings) this.#counts[severity]++
  }

  /** Requested ids that no session has. */
  get missing(): number[] {
    return [...this.#missing]
  }

  /** Names the missing ones. */
  get notFound(): string {
    return `No session ${this.missing.join(', ')}`
  }

  /** True if there was a finding at least as severe. */
  has(severity: 'error' | 'warning'): boolean {
    return this.#counts.error > 0 || (severity === 'warning' && this.#counts.warning > 0)
  }
}
