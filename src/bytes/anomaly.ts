/**
 * Something in the input that is not as it should be. Hostile and damaged input is normal, so no stage throws for it:
 * it records what it met, once per kind with a count, and goes on.
 */
export interface Anomaly {
  /** Stable name, `layer-what`, e.g. `ipv4-header-truncated`. */
  kind: string
  /** How often it was met. */
  count: number
  /** Frame in which it was met first, as Wireshark numbers frames; `null` where no frame is concerned. */
  firstFrame: number | null
  /** The first occurrence in words: layer, offset, needed, available. */
  message: string
}

/** Collects anomalies of all stages; the message is only built for the first of each kind. */
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

  /** All anomalies, in the order of their first frames; those without one come last. */
  list(): Anomaly[] {
    return inOrder([...this.#byKind.values()])
  }
}

/** The anomalies of parts of one input, in the order of the parts, as one log of the whole would have them. */
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
