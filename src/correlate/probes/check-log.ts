/** Pairs of a client and a server's port; the longest unused one gives way. */
const MAX_CHECKS = 4096
/** With so many accepted checks the interval is known. */
const REGULAR = 6
/** A refused check comes in the interval of the others, or after one that was missed. */
const LATE = 2.5
/** Connections are over in another order than they began. */
const UNORDERED_NS = 10e9

interface Checks {
  accepted: number
  first: number
  last: number
}

/** Who checks a server's port again and again, and when, to recognize the checks that fail while the server is down. */
export class CheckLog {
  readonly #checks = new Map<string, Checks>()

  /** A check found the server's port open. */
  accepted(client: number, endpoint: number, time: number): void {
    const key = keyOf(client, endpoint)
    const checks = this.#checks.get(key)
    if (!checks && this.#checks.size >= MAX_CHECKS) this.#checks.delete(this.#checks.keys().next().value!)
    this.#checks.delete(key)
    const { accepted, first } = checks ?? { accepted: 0, first: time }
    this.#checks.set(key, { accepted: accepted + 1, first, last: time })
  }

  /** A connection that failed is a check, too. */
  isFailedCheck(client: number, endpoint: number, time: number): boolean {
    const checks = this.#checks.get(keyOf(client, endpoint))
    if (!checks || checks.accepted < REGULAR) return false
    const interval = (checks.last - checks.first) / (checks.accepted - 1)
    if (time - checks.last > LATE * interval + UNORDERED_NS) return false
    // The next one is due after this one; the interval stays.
    const later = Math.max(0, time - checks.last)
    checks.first += later
    checks.last += later
    return true
  }

  /** The client had a dialogue with the server: what fails then may be a user's. */
  forget(client: number, endpoint: number): void {
    this.#checks.delete(keyOf(client, endpoint))
  }
}

function keyOf(client: number, endpoint: number): string {
  return `${client} ${endpoint}`
}
