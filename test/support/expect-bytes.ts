import { expect } from 'vitest'

/** What `toEqual` says, without the seconds that it takes for megabytes. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) !== 0) expect(actual).toEqual(expected)
}
