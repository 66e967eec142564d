import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Session } from '../correlate/model.js'
import { clearLogins, isAnonymous } from '../diagnose/credentials.js'
import type { CredentialReport } from './contract.js'

/** Users that are listed; a client that tries names brings any number. */
const MAX_CREDENTIALS = 1000

/** Users whose passwords the capture shows, each with its server once. */
export class Credentials {
  readonly #byUser = new Map<string, CredentialReport>()
  readonly #anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.#anomalies = anomalies
  }

  session(session: Session): void {
    const { server } = session.control
    const counted = new Set<CredentialReport>()
    for (const { user, pass, accepted } of clearLogins(session)) {
      if (isAnonymous(user)) continue
      const name = user.argument ?? ''
      const key = `${server.address} ${server.port} ${name}`
      let entry = this.#byUser.get(key)
      if (!entry) {
        if (this.#byUser.size >= MAX_CREDENTIALS) {
          this.#anomalies.record(
            'report-credentials-capped',
            pass.frame,
            () => `Users with clear-text passwords beyond the first ${MAX_CREDENTIALS} are not listed in the summary`,
          )
          continue
        }
        entry = { user: name, server: { ...server }, sessions: 0, firstFrame: pass.frame, accepted: null }
        this.#byUser.set(key, entry)
      }
      if (!counted.has(entry)) entry.sessions++
      counted.add(entry)
      entry.firstFrame = Math.min(entry.firstFrame, pass.frame)
      // One accepted login makes all the refused ones before it mere slips.
      if (accepted !== null) entry.accepted = accepted || entry.accepted === true
    }
  }

  report(): CredentialReport[] {
    return [...this.#byUser.values()].sort((a, b) => a.firstFrame - b.firstFrame)
  }
}
