/**
 * Something unexpected in the input. Hostile and damaged input is normal, so no stage throws because of it: it records
 * the anomaly, once per kind with a count, and continues.
 */
export interface Anomaly {
  /** Stable name, `layer-what`, e.g. `ipv4-header-truncated`. */
  kind: string
  /** Number of occurrences. */
  count: number
  /** Frame of the first occurrence, as Wireshark numbers frames; `null` where no frame is involved. */
  firstFrame: number | null
  /** The first occurrence in words: layer, offset, needed, available. */
  message: string
}

/** Collects the anomalies of all stages; a message is built only for the first of each kind. */
export class AnomalyLog {
  readonly #byKind = new Map<string, Anomaly>()

  record(kind: string, frame: number | null, message: () => string): void {
    const known = this.#byKind.get(kind)
    if (known) known.count++
    else this.#byKind.set(kind, { kind, count: 1, firstFrame: frame, message: message() })
  }

  has(kind: string): boolean {
    return this.#byKind.has(kind)
  }

  /** All anomalies, in the order of their first frames; those without a frame come last. */
  list(): Anomaly[] {
    return inOrder([...this.#byKind.values()])
  }
}

/** Merges the anomalies of consecutive parts of one input, as a single log of the whole would have them. */
export function joinAnomalies(parts: readonly (readonly Anomaly[])[]): Anomaly[] {
  const byKind = new Map<string, Anomaly>()
  for (const anomaly of parts.flat()) {
    const known = byKind.get(anomaly.kind)
    if (known) known.count += anomaly.count
    else byKind.set(anomaly.kind, { ...anomaly })
  }
  return inOrder([...byKind.values()])
}

function inOrder(anomalies: Anomaly[]): Anomaly[] {
  const frame = ({ firstFrame }: Anomaly) => firstFrame ?? Infinity
  return anomalies.sort((a, b) => (frame(a) === frame(b) ? (a.kind < b.kind ? -1 : 1) : frame(a) - frame(b)))
}
