import type { Vantage as SessionVantage } from '../diagnose/vantage.js'
import type { Session } from '../correlate/model.js'
import { vantageOf } from '../diagnose/vantage.js'
import type { FindingReport, SessionReport, Summary, Vantage } from './contract.js'

/** The summary, counted session by session, so that sessions need not be kept. */
export class Tally {
  readonly #summary: Summary = {
    sessions: 0,
    outcomes: { ok: 0, degraded: 0, failed: 0, undetermined: 0 },
    transfers: { attempted: 0, completed: 0, failed: 0 },
    findings: { error: 0, warning: 0, info: 0 },
    vantage: 'unknown',
  }
  readonly #vantages = new Map<SessionVantage, number>()
  /** Handshakes seen: the same one twice under other addresses was captured on both sides of a translator. */
  readonly #handshakes = new Map<string, string>()
  #bothSides = false

  session(session: Session, report: SessionReport): void {
    const summary = this.#summary
    summary.sessions++
    summary.outcomes[report.verdict.outcome]++
    summary.transfers.attempted += report.transfers.attempted
    summary.transfers.completed += report.transfers.completed
    summary.transfers.failed += report.transfers.failed
    this.findings(report.findings)
    const vantage = vantageOf(session).at
    this.#vantages.set(vantage, (this.#vantages.get(vantage) ?? 0) + 1)
    this.#noteHandshake(session)
  }

  findings(findings: readonly FindingReport[]): void {
    for (const finding of findings) this.#summary.findings[finding.severity]++
  }

  summary(): Summary {
    return { ...this.#summary, vantage: this.#vantage() }
  }

  /** The vantage that most sessions agree on, those left out that tell nothing. */
  #vantage(): Vantage {
    if (this.#bothSides) return 'both-sides-of-nat'
    let best: SessionVantage = 'unknown'
    for (const [vantage, count] of this.#vantages) {
      if (vantage !== 'unknown' && count > (best === 'unknown' ? 0 : (this.#vantages.get(best) ?? 0))) best = vantage
    }
    return best
  }

  #noteHandshake({ control }: Session): void {
    if (control.midstream || control.synAckAttempts === 0 || this.#handshakes.size >= MAX_HANDSHAKES) return
    // A translator changes addresses and ports; initial sequence numbers it leaves alone (RFC 3022 §4.1 rewrites the header only).
    const key = `${control.flows[0].initialSequence} ${control.flows[1].initialSequence}`
    const ends = `${control.client.address} ${control.server.address}`
    const known = this.#handshakes.get(key)
    if (known === undefined) this.#handshakes.set(key, ends)
    else if (known !== ends) this.#bothSides = true
  }
}

const MAX_HANDSHAKES = 10_000
