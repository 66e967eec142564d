import type { OpenSession } from './open-session.js'

/** One that has been taken back stays in the heap for a while, without its session. */
interface Entry {
  readonly at: number
  session: OpenSession | null
}

/** Sessions by the time at which to look at them next: a binary heap. */
export class DueSessions {
  readonly #entries = new Map<OpenSession, Entry>()
  #heap: Entry[] = []

  /** Sets when to look at a session, whatever was set before. */
  set(session: OpenSession, at: number): void {
    this.remove(session)
    const entry = { at, session }
    this.#entries.set(session, entry)
    this.#push(entry)
  }

  remove(session: OpenSession): void {
    const entry = this.#entries.get(session)
    if (!entry) return
    entry.session = null
    this.#entries.delete(session)
    // Sorted, an array is a heap.
    if (this.#heap.length > 2 * this.#entries.size + LEAST_SIZE)
      this.#heap = [...this.#entries.values()].sort((a, b) => a.at - b.at)
  }

  /** The session that has been due longest at `now`, without its time; `null` where none is. */
  take(now: number): OpenSession | null {
    while (this.#heap.length > 0 && this.#heap[0]!.at <= now) {
      const { session } = this.#pop()
      if (!session) continue
      this.#entries.delete(session)
      return session
    }
    return null
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.length
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = heap[(at - 1) >> 1]!
      if (parent.at <= entry.at) break
      heap[at] = parent
    }
    heap[at] = entry
  }

  #pop(): Entry {
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
