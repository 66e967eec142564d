export type CaptureFormat = 'pcap' | 'pcapng'
/** How the input was compressed; the reader always receives decompressed bytes. */
export type Compression = 'gzip' | 'zstd' | null

/** opt_comment of a pcapng block. */
export interface CaptureComment {
  /** The commented frame; `null` for a comment on a section, an interface or another block. */
  frame: number | null
  text: string
}

/** A Decryption Secrets Block of pcapng. */
export interface CaptureSecrets {
  /** 0x544c534b is a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
  type: number
  bytes: Uint8Array
}

/** Where and why the reading of a file ended before its end. */
export interface CaptureFailure {
  /** Offset in the decompressed file of the item that could not be read, or of the end of the bytes. */
  offset: number
  /** A clause: what is damaged or missing, with offset, needed and available bytes. */
  reason: string
}

/** What is known about one input file; updated by each `push`. */
export interface CaptureFile {
  path: string
  format: CaptureFormat
  compression: Compression
  /** LINKTYPE_ values of its interfaces, each once, in order of first appearance. */
  linkTypes: number[]
  /** Bytes that the capture kept of each frame; the largest value where interfaces differ, `null` without a limit. */
  snapLength: number | null
  /** Bytes of frame check sequence at the end of each frame, from the pcap header; `null` where it does not say. */
  fcsLength: number | null
  /** Digits after the decimal point in the file's finest timestamps, 0 to 9. */
  timestampDigits: number
  /** Records that Wireshark counts as frames. */
  frames: number
  /** Bytes read from the file, after decompression. */
  bytes: number
  /** Earliest and latest frame, in nanoseconds since the first frame of the input; `null` where no frame has a time. */
  start: number | null
  end: number | null
  /** Why the rest of the file could not be read; `null` if all of it was read. */
  failure: CaptureFailure | null
  comments: CaptureComment[]
  secrets: CaptureSecrets[]
}
