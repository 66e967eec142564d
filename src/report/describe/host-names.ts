import type { AnomalyLog } from '../../bytes/anomaly.js'
import { addressText, IPV4_LENGTH } from '../../wire/address.js'

/** Names kept, and characters of one (RFC 1035 §2.3.4). */
const MOST_NAMES = 10_000
const LONGEST_NAME = 255

/** How hosts are called: by whoever asks for the analysis, else by the name records of captures. Never by DNS. */
export class HostNames {
  readonly #given: Readonly<Record<string, string>>
  readonly #recorded: Map<string, string>
  readonly #anomalies: AnomalyLog

  constructor(
    given: Readonly<Record<string, string>> | undefined,
    anomalies: AnomalyLog,
    recorded: Iterable<readonly [string, string]> = [],
  ) {
    this.#given = given ?? {}
    this.#anomalies = anomalies
    this.#recorded = new Map(recorded)
  }

  /** A record of a capture, by the 4 or 16 bytes of the address; the first one of an address is kept. */
  readonly add = (address: Uint8Array, name: string): void => {
    if (name === '' || name.length > LONGEST_NAME) return
    const key = addressText(address, 0, address.length === IPV4_LENGTH ? 4 : 6)
    if (this.#recorded.has(key)) return
    if (this.#recorded.size < MOST_NAMES) this.#recorded.set(key, name)
    else
      this.#anomalies.record(
        'report-names-full',
        null,
        () => `the captures name more than ${MOST_NAMES} hosts: later ones are shown by their addresses`,
      )
  }

  of(address: string): string | null {
    return (Object.hasOwn(this.#given, address) ? this.#given[address] : this.#recorded.get(address)) ?? null
  }

  /** Those of captures, so that threads can pass them on. */
  get recorded(): [string, string][] {
    return [...this.#recorded]
  }
}
