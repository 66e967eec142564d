/** Where a report goes. */
export interface Output {
  /** Resolves when the text is handed to the system, so that what is not written yet stays bounded. */
  write(text: string | Uint8Array): Promise<void>
  /** Everything is written. */
  finish(): Promise<void>
  /** Nothing is to be left of it. */
  discard(): Promise<void>
  /** Nobody reads any more (`ftpscope … | head`): what is written from now on goes nowhere. */
  readonly readerGone: boolean
}
