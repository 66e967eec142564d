import type { FuzzTarget } from './targets/target.js'

/** Faults behind conditions that chance alone does not meet: what the fuzzer must find. */
export const crash: FuzzTarget = {
  steps: { perByte: 100, perInput: 1000 },
  seeds: () => [new Uint8Array(40)],
  run(input) {
    const depth = 'FTP!'.split('').findIndex((letter, at) => input[20 + at] !== letter.charCodeAt(0))
    if (depth < 0) throw new Error('planted')
    return [`depth ${depth}`]
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
    while (input[3] === 255) kept.push(Array.from({ length: 1 << 20 }, (_, at) => at))
    return [`${input[3]! >> 4}`]
  },
}
