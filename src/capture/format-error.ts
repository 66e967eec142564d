/**
 * The input is not a capture, or not one that can be read. The message says what was found, at which offset, and what
 * to do.
 */
export class CaptureFormatError extends Error {
  override name = 'CaptureFormatError'
}
