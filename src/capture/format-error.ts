/** The input is not a readable capture. The message says what was found, at which offset, and what to do. */
export class CaptureFormatError extends Error {
  override name = 'CaptureFormatError'
}
