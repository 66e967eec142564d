import { Session, type Profiler } from 'node:inspector'

/**
 * Counts the steps of this project's code: executions of blocks, as V8 counts them, and the elements that the built-in
 * functions walk which take time in proportion to a length, since one call of those is no single step. To be begun
 * before that code is loaded.
 */
export class Steps {
  readonly #session = new Session()
  #walked = 0

  constructor() {
    const count = (elements: number) => {
      this.#walked += elements
    }
    for (const name of [
      'splice',
      'shift',
      'unshift',
      'indexOf',
      'includes',
      'slice',
      'concat',
      'join',
      'sort',
      'reverse',
    ] as const) {
      watch(Array.prototype, name, count)
    }
    for (const name of ['set', 'slice', 'fill', 'copyWithin', 'indexOf', 'includes'] as const) {
      watch(Object.getPrototypeOf(Uint8Array.prototype) as object, name, count)
    }
    for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replaceAll'] as const) {
      watch(String.prototype, name, count)
    }
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Steps since the last call. */
  take(): number {
    let steps = this.#walked
    this.#walked = 0
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
      if (error) throw error
      for (const { url, functions } of result) {
        if (!url.includes('/src/')) continue
        for (const { ranges } of functions) for (const { count } of ranges) steps += count
      }
    })
    return steps
  }
}

type Method = (this: { length: number }, ...values: unknown[]) => unknown

/** What a call walks: the part of an array that it is told, all of it where it is told none. */
function watch(prototype: object, name: string, count: (elements: number) => void): void {
  const methods = prototype as Record<string, Method>
  const original = methods[name]!
  methods[name] = function (...values) {
    count(walked(name, this.length, values))
    return original.apply(this, values)
  }
}

function walked(name: string, length: number, values: readonly unknown[]): number {
  if (name === 'set') return (values[0] as { length: number }).length
  const at = (value: unknown, otherwise: number) => {
    if (typeof value !== 'number') return otherwise
    return value < 0 ? Math.max(0, length + value) : Math.min(length, value)
  }
  if (name === 'slice') return at(values[1], length) - at(values[0], 0)
  if (name === 'fill' || name === 'copyWithin') return at(values[2], length) - at(values[1], 0)
  if (name === 'splice') return length - at(values[0], 0)
  return length
}
