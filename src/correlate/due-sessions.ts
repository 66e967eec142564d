/** One that has been taken back stays in the heap for a while, without its session. */
interface Entry<S> {
  readonly at: number
  session: S | null
}

/** Sessions by the time at which to look at them next: a binary heap. */
export class DueSessions<S> {
  readonly #entries = new Map<S, Entry<S>>()
  #heap: Entry<S>[] = []

  /** Sets when to look at a session, whatever was set before. */
  set(session: S, at: number): void {
    this.remove(session)
    const entry: Entry<S> = { at, session }
    this.#entries.set(session, entry)
    this.#push(entry)
  }

  remove(session: S): void {
    const entry = this.#entries.get(session)
    if (!entry) return
    entry.session = null
    this.#entries.delete(session)
    // Sorted, an array is a heap.
    if (this.#heap.length > 2 * this.#entries.size + LEAST_SIZE)
      this.#heap = [...this.#entries.values()].sort((a, b) => a.at - b.at)
  }

  /** The session that has been due longest at `now`, without its time; `null` where none is. */
  take(now: number): S | null {
    while (this.#heap.length > 0 && this.#heap[0]!.at <= now) {
      const { session } = this.#pop()
      if (!session) continue
      this.#entries.delete(session)
      return session
    }
    return null
  }

  #push(entry: Entry<S>): void {
    const heap = this.#heap
    let at = heap.length
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = heap[(at - 1) >> 1]!
      if (parent.at <= entry.at) break
      heap[at] = parent
    }
    heap[at] = entry
  }

  #pop(): Entry<S> {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (last.at <= heap[child]!.at) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

/** So few entries are not worth sorting anew. */
const LEAST_SIZE = 64
