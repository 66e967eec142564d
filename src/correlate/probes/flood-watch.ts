/** Connections to one port within a minute that came to nothing: more is no client that fails. */
const LEAST = 50
const INTERVAL_NS = 60e9
/** Intervals kept of a server's port, and ports watched at the same time. */
const MAX_INTERVALS = 8
const MAX_PORTS = 1024

interface Interval {
  index: number
  /** When the first connection was opened. */
  first: number
  opened: number
  carried: number
}

/** Counts, for each server's port, the connections that were opened and those that carried anything. */
export class FloodWatch {
  readonly #ports = new Map<number, Interval[]>()

  /** A connection to a port was opened. */
  opened(port: number, time: number): void {
    this.#interval(port, time).opened++
  }

  /** It has carried payload; `time` is that of its beginning. */
  carried(port: number, time: number): void {
    const interval = this.#ports.get(port)?.find(({ index }) => index === indexOf(time))
    if (interval) interval.carried++
  }

  /**
   * Whether many connections to the port, `least`, came to nothing around the time at which one of them began; those
   * after `until` may still come to something.
   */
  isFlooded(port: number, time: number, until = Infinity, least = LEAST): boolean {
    const at = indexOf(time)
    let fruitless = 0
    for (const { index, opened, carried, first } of this.#ports.get(port) ?? [])
      if (Math.abs(index - at) <= 1 && first <= until) fruitless += opened - carried
    return fruitless >= least
  }

  #interval(port: number, time: number): Interval {
    const index = indexOf(time)
    let intervals = this.#ports.get(port)
    if (!intervals) {
      if (this.#ports.size >= MAX_PORTS) this.#ports.delete(this.#ports.keys().next().value!)
      this.#ports.set(port, (intervals = []))
    }
    const last = intervals.at(-1)
    if (last?.index === index) return last
    const interval = { index, first: time, opened: 0, carried: 0 }
    intervals.push(interval)
    if (intervals.length > MAX_INTERVALS) intervals.shift()
    return interval
  }
}

function indexOf(time: number): number {
  return Math.floor(time / INTERVAL_NS)
}
