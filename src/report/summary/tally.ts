import type { AnomalyLog } from '../../bytes/anomaly.js'
import type { SessionTotals } from '../../diagnose/facts/session-traits.js'
import { addHidden } from '../../diagnose/facts/hidden-data.js'
import { Causes } from './causes.js'
import type { FindingReport, SessionReport, Summary, Vantage } from '../contract.js'
import { Credentials } from './credentials.js'

/** The summary, counted session by session, so that sessions need not be kept. */
export class Tally {
  readonly #summary: Omit<Summary, 'vantage' | 'causes' | 'credentialsExposed'> = {
    sessions: 0,
    outcomes: { ok: 0, degraded: 0, failed: 0, undetermined: 0 },
    transfers: { attempted: 0, completed: 0, failed: 0 },
    findings: { error: 0, warning: 0, info: 0 },
  }
  readonly #causes = new Causes()
  readonly #credentials: Credentials
  readonly #vantages = new Map<Vantage, number>()
  /** Handshakes seen: the same one with other addresses was captured on both sides of a NAT. */
  readonly #handshakes = new Map<string, string>()
  #bothSides = false
  /** Paths that were counted. */
  readonly #paths = new Set<number>()

  constructor(anomalies: AnomalyLog) {
    this.#credentials = new Credentials(anomalies)
  }

  /** A session that several places saw counts once: where it was nearest to the client. */
  session(report: SessionReport, totals: SessionTotals): void {
    if (report.path !== undefined) {
      if (this.#paths.has(report.path)) return
      this.#paths.add(report.path)
    }
    const summary = this.#summary
    summary.sessions++
    summary.outcomes[report.verdict.outcome]++
    summary.transfers.attempted += report.transfers.attempted
    summary.transfers.completed += report.transfers.completed
    summary.transfers.failed += report.transfers.failed
    const { hidden } = report.transfers
    if (hidden) summary.transfers.hidden = addHidden(hidden, summary.transfers.hidden)
    this.findings(report.findings)
    this.#causes.add(report)
    this.#credentials.session(report.server, totals.logins)
    const { at } = report.vantage
    this.#vantages.set(at, (this.#vantages.get(at) ?? 0) + 1)
    if (totals.handshake) this.#noteHandshake(totals.handshake)
  }

  /** A session that was not chosen; one that several places saw counts once. */
  leaveOut({ path }: Pick<SessionReport, 'path'>): void {
    if (path !== undefined && this.#paths.has(path)) return
    if (path !== undefined) this.#paths.add(path)
    this.#summary.leftOut = (this.#summary.leftOut ?? 0) + 1
  }

  findings(findings: readonly FindingReport[]): void {
    for (const finding of findings) this.#summary.findings[finding.severity]++
  }

  /** The summary of all sessions; `idOf` gives the id under which a session is reported. */
  summary(idOf: (id: number) => number): Summary {
    return {
      ...this.#summary,
      vantage: this.#vantage(),
      causes: this.#causes.report(this.#summary.sessions, idOf),
      credentialsExposed: this.#credentials.report(),
    }
  }

  /** The vantage of most sessions, without those where it is unknown. */
  #vantage(): Vantage {
    if (this.#bothSides) return 'both-sides-of-nat'
    let best: Vantage = 'unknown'
    for (const [vantage, count] of this.#vantages) {
      if (vantage !== 'unknown' && count > (best === 'unknown' ? 0 : (this.#vantages.get(best) ?? 0))) best = vantage
    }
    return best
  }

  #noteHandshake({ key, ends }: { key: string; ends: string }): void {
    if (this.#handshakes.size >= MAX_HANDSHAKES) return
    const known = this.#handshakes.get(key)
    if (known === undefined) this.#handshakes.set(key, ends)
    else if (known !== ends) this.#bothSides = true
  }
}

const MAX_HANDSHAKES = 10_000
