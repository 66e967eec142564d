/** The input is no capture, or none that can be read. The message says what was found, at which offset, and what to do. */
export class CaptureFormatError extends Error {
  override name = 'CaptureFormatError'
}
