/** Compressed data that ends early or is damaged. The message follows the path: "its gzip data ends early; …". */
export class DamageError extends Error {
  override name = 'DamageError'
}
