import type { Network } from './network.js'

/** Something that sends packets: each `yield` waits for so many nanoseconds. */
export type Script = Generator<number, void, undefined>

/** Runs scripts side by side in the order of their times; the same scripts always give the same capture. */
export class Schedule {
  readonly #network: Network
  /** Binary heap by time, then by age. */
  readonly #heap: { time: number; order: number; script: Script }[] = []
  #order = 0

  constructor(network: Network) {
    this.#network = network
  }

  start(script: Script, delay = 0): void {
    this.#push(this.#network.now + delay, script)
  }

  /** Runs until no script has anything more to send. */
  run(): void {
    for (let next = this.#pop(); next; next = this.#pop()) {
      this.#network.now = next.time
      const step = next.script.next()
      if (!step.done) this.#push(next.time + step.value, next.script)
    }
  }

  #push(time: number, script: Script): void {
    const heap = this.#heap
    const entry = { time, order: this.#order++, script }
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (before(heap[parent]!, entry)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  #pop(): { time: number; script: Script } | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (before(last, heap[child]!)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

function before(a: { time: number; order: number }, b: { time: number; order: number }): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}
