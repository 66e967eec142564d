export type CaptureFormat = 'pcap' | 'pcapng'
/** How the bytes came; the reader is always given them decompressed. */
export type Compression = 'gzip' | 'zstd' | null

/** opt_comment of a pcapng block. */
export interface CaptureComment {
  /** Frame that the comment is on; `null` for one on a section, an interface or the like. */
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
  /** Where in the file, decompressed, the item begins that could not be read, or its bytes end. */
  offset: number
  /** A clause: what is damaged or missing, with offset, needed and available bytes. */
  reason: string
}

/** What is known of one input file; brought up to date by each `push`. */
export interface CaptureFile {
  path: string
  format: CaptureFormat
  compression: Compression
  /** LINKTYPE_ values of its interfaces, each once, in the order of their first appearance. */
  linkTypes: number[]
  /** Bytes that the capture kept of each frame; the largest where interfaces differ, `null` where there is no limit. */
  snapLength: number | null
  /** Bytes of frame check sequence at the end of each frame, as pcap's header may tell; `null` where it does not. */
  fcsLength: number | null
  /** Digits after the decimal point that the finest clock of the file has, 0 to 9. */
  timestampDigits: number
  /** Records that Wireshark counts as frames. */
  frames: number
  /** Bytes read of the file, decompressed. */
  bytes: number
  /** Earliest and latest frame, in nanoseconds since the first frame of the input; `null` where no frame has a time. */
  start: number | null
  end: number | null
  /** Why the rest of the file could not be read; `null` for a whole file. */
  failure: CaptureFailure | null
  comments: CaptureComment[]
  secrets: CaptureSecrets[]
}
