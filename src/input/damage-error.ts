/** Compressed bytes that end early or are damaged. The message goes behind the path: "its gzip data end early; …". */
export class DamageError extends Error {
  override name = 'DamageError'
}
