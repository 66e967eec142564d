import type { AnomalyLog } from '../../bytes/anomaly.js'
import type { SessionTotals } from '../../diagnose/facts/session-traits.js'
import type { CredentialReport, EndpointReport } from '../contract.js'

/** Users that are listed; a client that guesses user names may produce any number. */
const MAX_CREDENTIALS = 1000

/** Users whose passwords the capture shows, each once per server. */
export class Credentials {
  readonly #byUser = new Map<string, CredentialReport>()
  readonly #anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.#anomalies = anomalies
  }

  /** The logins of one session. */
  session(server: EndpointReport, logins: SessionTotals['logins']): void {
    if (logins.length === 0) return
    const counted = new Set<CredentialReport>()
    for (const { user, frame, accepted } of logins) {
      const key = `${server.address} ${server.port} ${user}`
      let entry = this.#byUser.get(key)
      if (!entry) {
        if (this.#byUser.size >= MAX_CREDENTIALS) {
          this.#anomalies.record(
            'report-credentials-capped',
            frame,
            () => `Users with clear-text passwords beyond the first ${MAX_CREDENTIALS} are not listed in the summary`,
          )
          continue
        }
        entry = { user, server: { ...server }, sessions: 0, firstFrame: frame, accepted: null }
        this.#byUser.set(key, entry)
      }
      if (!counted.has(entry)) entry.sessions++
      counted.add(entry)
      entry.firstFrame = Math.min(entry.firstFrame, frame)
      // Once a login is accepted, earlier rejected ones no longer matter.
      if (accepted !== null) entry.accepted = accepted || entry.accepted === true
    }
  }

  report(): CredentialReport[] {
    return [...this.#byUser.values()].sort((a, b) => a.firstFrame - b.firstFrame)
  }
}
