import type { Random } from '../random.js'

/** A part of the program under the fuzzer. */
export interface FuzzTarget {
  /** Inputs to begin with. */
  seeds(): Uint8Array[]
  /**
   * Changes an input in ways that only who knows its form can think of; the fuzzer's own changes of bytes come besides.
   */
  mutate?(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array
  /**
   * Works on the input and checks what must hold for any. Throws where something does not; returns what the result was
   * like, so that an input whose result is of a new sort is kept even if it ran through no new code.
   */
  run(input: Uint8Array): Iterable<string>
  /** Executions of blocks of code that a byte of input may cost, and a whole input besides. */
  steps: { perByte: number; perInput: number }
}

/** What must hold, or an error that says what does not. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
