/** Where a report goes. */
export interface Output {
  /** Resolves when the text is passed to the system, so that pending output stays bounded. */
  write(text: string | Uint8Array): Promise<void>
  /** Everything is written. */
  finish(): Promise<void>
  /** Removes what was written. */
  discard(): Promise<void>
  /** The reader has closed the pipe (`ftpscope … | head`): further output is discarded. */
  readonly readerGone: boolean
}
