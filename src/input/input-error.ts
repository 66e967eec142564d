/** An input that cannot be opened. The message says what is wrong, where, and what to do; it is one line. */
export class InputError extends Error {
  override name = 'InputError'
}
