import type { InputBefore } from './file-series.js'

/** Limits of the reader: a hostile or damaged file must not make it allocate more memory than the file has bytes. */

/** Longest captured frame in a pcap file with a smaller snap length; MAXIMUM_SNAPLEN of Wireshark and libpcap. */
export const USUAL_FRAME_BYTES = 262_144
/** Longest captured frame in any file; Wireshark's limit for USB and D-Bus captures. */
export const LARGEST_FRAME_BYTES = 128 * 1024 * 1024
/** Longest pcapng block that carries a packet: the frame and its options. */
export const LARGEST_PACKET_BLOCK_BYTES = LARGEST_FRAME_BYTES + 1024 * 1024
/** Longest pcapng block that is held in memory as a whole for its content (sections, interfaces, secrets). */
export const LARGEST_KEPT_BLOCK_BYTES = 16 * 1024 * 1024
/** Longest statistics or name resolution block that is searched for comments; longer ones are skipped. */
export const LARGEST_SEARCHED_BLOCK_BYTES = 64 * 1024
/** Interfaces per pcapng section. */
export const MOST_INTERFACES = 65_536
/** Link types listed per file. */
export const MOST_LINK_TYPES = 64
/** Comments kept per file. */
export const MOST_COMMENTS = 10_000
/** Decryption Secrets Blocks kept per file. */
export const MOST_SECRETS = 10_000

/** Limits that the caller may change. */
export interface CaptureReaderOptions {
  /** Bytes of comments kept per file; default 1 MiB. */
  maxCommentBytes?: number
  /** Bytes of decryption secrets kept per file; default 16 MiB. */
  maxSecretBytes?: number
  /** What another reader has already read of the same input. */
  before?: InputBefore
  /** Files of several places are expected: that their times overlap is no anomaly. */
  severalPlaces?: boolean
}

export const DEFAULT_COMMENT_BYTES = 1024 * 1024
export const DEFAULT_SECRET_BYTES = 16 * 1024 * 1024
/** The same for all files of an input, in times of one. */
export const MOST_FILES_FULL = 4
