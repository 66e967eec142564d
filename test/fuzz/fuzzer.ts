import type { Coverage } from './coverage.js'
import { minimised } from './minimise.js'
import { LARGEST_INPUT, mutateBytes } from './mutate.js'
import { Random } from './random.js'
import type { FuzzTarget } from './targets/target.js'

/** Inputs that are run between two looks at V8's counts, which cost more than most inputs do. */
const BATCH = 64
/** Memory that no input may make the program hold. */
const MOST_MEMORY = 192 << 20

export interface Failure {
  input: Uint8Array
  reason: string
}

export interface FuzzReport {
  executions: number
  corpus: number
  blocks: number
  features: number
  /** Of all inputs, in their order. */
  digest: number
}

export interface FuzzHooks {
  /** Called with each input before it is run, so that whoever watches knows which one does not come back. */
  before(input: Uint8Array): void
  failed(failure: Failure): void
  /** Asked between inputs. */
  isOver(executions: number): boolean
}

/**
 * Runs inputs that grow out of the seeds: an input whose run was new, in the code that it ran through or in what came
 * of it, is kept and changed further. The same seed gives the same inputs.
 */
export class Fuzzer {
  readonly #target: FuzzTarget
  readonly #coverage: Coverage
  readonly #random: Random
  readonly #hooks: FuzzHooks
  readonly #corpus: Uint8Array[] = []
  readonly #features = new Set<string>()
  readonly #reasons = new Set<string>()
  #executions = 0
  #digest = 0

  /**
   * `coverage` is begun before the target's code is loaded: V8 does not count inside functions that it compiled before.
   */
  constructor(target: FuzzTarget, coverage: Coverage, seed: number, hooks: FuzzHooks) {
    this.#target = target
    this.#coverage = coverage
    this.#random = new Random(seed)
    this.#hooks = hooks
  }

  run(): FuzzReport {
    const seeds = this.#target.seeds().toSorted((a, b) => a.length - b.length)
    for (let at = 0; at < seeds.length && !this.#over; at += BATCH) this.#batch(seeds.slice(at, at + BATCH))
    if (this.#corpus.length === 0) this.#corpus.push(new Uint8Array(64))
    while (!this.#over) this.#batch(Array.from({ length: BATCH }, () => this.#changed()))
    return {
      executions: this.#executions,
      corpus: this.#corpus.length,
      blocks: this.#coverage.blocks,
      features: this.#features.size,
      digest: this.#digest,
    }
  }

  get #over(): boolean {
    return this.#hooks.isOver(this.#executions)
  }

  #changed(): Uint8Array {
    const input = this.#chosen()
    const other = this.#random.pick(this.#corpus)
    const knowing = this.#random.chance(0.75) ? this.#target.mutate?.(input, other, this.#random) : undefined
    const changed = knowing ?? mutateBytes(input, other, this.#random)
    return changed.length > LARGEST_INPUT ? changed.slice(0, LARGEST_INPUT) : changed
  }

  /** What was kept lately has been changed least. */
  #chosen(): Uint8Array {
    const { length } = this.#corpus
    const late = this.#random.chance(0.5) ? Math.floor(length * 0.8) : 0
    return this.#corpus[late + this.#random.below(length - late)]!
  }

  #batch(inputs: readonly Uint8Array[]): void {
    for (const input of inputs) if (this.#execute(input)) this.#corpus.push(input)
    this.#look(inputs)
  }

  /** Looks at what these inputs, which have just been run, did; runs them by halves to find which of them did it. */
  #look(inputs: readonly Uint8Array[]): void {
    const alone = inputs.length === 1
    const { fresh, steps } = this.#coverage.take(alone)
    const bytes = inputs.reduce((sum, { length }) => sum + length, 0)
    const limit = bytes * this.#target.steps.perByte + this.#target.steps.perInput
    const memory = process.memoryUsage().arrayBuffers
    if (fresh === 0 && steps <= limit && memory <= MOST_MEMORY) return
    const [first] = inputs
    if (alone && first) {
      if (fresh > 0) this.#corpus.push(first)
      if (steps > limit) this.#fail(first, `Steps: ${steps} for ${first.length} bytes`)
      if (memory > MOST_MEMORY) this.#fail(first, `Memory: ${memory} bytes are held after ${first.length}`)
      return
    }
    const half = Math.ceil(inputs.length / 2)
    for (const part of [inputs.slice(0, half), inputs.slice(half)]) {
      for (const input of part) this.#execute(input)
      this.#look(part)
    }
  }

  #limit(bytes: number, inputs: number): number {
    const { perByte, perInput } = this.#target.steps
    return bytes * perByte + inputs * perInput
  }

  /** Whether what came of it is of a new sort. */
  #execute(input: Uint8Array): boolean {
    this.#hooks.before(input)
    this.#executions++
    for (const byte of input) this.#digest = (Math.imul(this.#digest, 31) + byte + 1) | 0
    const known = this.#features.size
    try {
      for (const feature of this.#target.run(input)) this.#features.add(feature)
    } catch (error) {
      this.#fail(input, reasonOf(error))
    }
    return this.#features.size > known
  }

  /** Reports each reason once, with the shortest input that was found for it. */
  #fail(input: Uint8Array, reason: string): void {
    const sort = sortOf(reason)
    if (this.#reasons.has(sort)) return
    this.#reasons.add(sort)
    const fails = (candidate: Uint8Array): boolean => {
      this.#hooks.before(candidate)
      return sortOf(this.#reasonFor(candidate, reason)) === sort
    }
    this.#hooks.failed({ input: minimised(input, fails), reason })
  }

  #reasonFor(input: Uint8Array, reason: string): string {
    this.#coverage.take(false)
    try {
      for (const _ of this.#target.run(input));
    } catch (error) {
      return reasonOf(error)
    }
    const { steps } = this.#coverage.take(false)
    return reason.startsWith('Steps: ') && steps > this.#limit(input.length, 1) ? reason : ''
  }
}

/** The message, and the place of this project's code where it was thrown. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.includes('/src/'))
  return `${error.message.slice(0, 500)}${place === undefined ? '' : ` (${place.trim()})`}`
}

/** Reasons that differ in numbers and quotations only are one. */
function sortOf(reason: string): string {
  return reason.replace(/".*"/g, '').replace(/\d+/g, '').slice(0, 120)
}
