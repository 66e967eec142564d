import type { AnomalyLog } from '../bytes/anomaly.js'

/** Bytes that may wait for order in all connections together; each alone may hold up to a cap of its own. */
const MOST_WAITING = 32 << 20

/** A connection's streams as far as they hold bytes back. */
export interface Waiting {
  /** Delivers all that waits, with gaps for what is absent. */
  giveUp(frame: number, time: number): void
}

/** Bounds what all connections hold back together: the one that has waited longest is released. */
export class WaitingStreams {
  /** In the order in which they began to wait. */
  readonly #held = new Map<Waiting, number>()
  #bytes = 0
  readonly #anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.#anomalies = anomalies
  }

  /** A connection now holds this many bytes. */
  hold(waiting: Waiting, bytes: number, frame: number, time: number): void {
    this.#bytes += bytes - (this.#held.get(waiting) ?? 0)
    if (bytes > 0) this.#held.set(waiting, bytes)
    else this.#held.delete(waiting)
    while (this.#bytes > MOST_WAITING) this.#makeRoom(frame, time)
  }

  #makeRoom(frame: number, time: number): void {
    const [oldest, bytes] = this.#held.entries().next().value!
    this.#held.delete(oldest)
    this.#bytes -= bytes
    this.#anomalies.record(
      'tcp-waiting-full',
      frame,
      () =>
        `tcp: more than ${MOST_WAITING} bytes of all connections waited for missing bytes: ` +
        'those that waited longest were processed without them',
    )
    oldest.giveUp(frame, time)
  }
}
