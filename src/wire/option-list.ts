const END_OF_LIST = 0
const NO_OPERATION = 1

/**
 * Where the next TCP option from `at` on begins; -1 after the last one (RFC 9293 §3.2). Before `end` it may be cut: see
 * `optionLength`.
 */
export function nextOption(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] === NO_OPERATION) at++
  return at < end && bytes[at] !== END_OF_LIST ? at : -1
}

/** Length of the option there, with kind and length; 0 for one that is malformed, or does not end before `end`. */
export function optionLength(bytes: Uint8Array, at: number, end: number): number {
  const length = at + 1 < end ? bytes[at + 1]! : 0
  return length < 2 || at + length > end ? 0 : length
}
