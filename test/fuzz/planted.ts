import type { FuzzTarget } from './targets/target.js'

/** Faults behind conditions that chance alone does not meet: what the fuzzer must find. */
export const crash: FuzzTarget = {
  steps: { perByte: 100, perInput: 1000 },
  seeds: () => [new Uint8Array(4)],
  run(input) {
    const [first = 0, second = 0, third = 0] = input
    // How many leading bits fit: each one more is something new.
    const fitting = Math.clz32((((first << 16) | (second << 8) | third) ^ 0x7e217e) << 8)
    if (fitting >= 24) throw new Error('planted')
    return [`${fitting} bits`]
  },
}

export const hang: FuzzTarget = {
  ...crash,
  run(input) {
    while (input[3] === 255);
    return [`${input[3]! >> 4}`]
  },
}

const kept: unknown[] = []

export const hoard: FuzzTarget = {
  ...crash,
  run(input) {
    while (input[3] === 255) kept.push(new Array<number>(1 << 22).fill(kept.length))
    return [`${input[3]! >> 4}`]
  },
}
