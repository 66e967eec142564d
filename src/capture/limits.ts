import type { InputBefore } from './file-series.js'

/** Bounds of the reader: a hostile or damaged file must not be able to claim memory that its own bytes do not fill. */

/** Longest captured frame in a pcap file whose snap length is smaller; Wireshark's and libpcap's MAXIMUM_SNAPLEN. */
export const USUAL_FRAME_BYTES = 262_144
/** Longest captured frame at all: what Wireshark grants to USB and D-Bus captures. */
export const LARGEST_FRAME_BYTES = 128 * 1024 * 1024
/** Longest pcapng block that carries a packet: the frame and its options. */
export const LARGEST_PACKET_BLOCK_BYTES = LARGEST_FRAME_BYTES + 1024 * 1024
/** Longest pcapng block that is held in memory as a whole for its content (sections, interfaces, secrets). */
export const LARGEST_KEPT_BLOCK_BYTES = 16 * 1024 * 1024
/** Longest statistics or name resolution block that is searched for comments; a longer one is skipped. */
export const LARGEST_SEARCHED_BLOCK_BYTES = 64 * 1024
/** Interfaces of one pcapng section. */
export const MOST_INTERFACES = 65_536
/** Link types listed of one file. */
export const MOST_LINK_TYPES = 64
/** Comments kept of one file. */
export const MOST_COMMENTS = 10_000
/** Decryption Secrets Blocks kept of one file. */
export const MOST_SECRETS = 10_000

/** What a caller may raise or lower. */
export interface CaptureReaderOptions {
  /** Bytes of comments kept of each file; 1 MiB unless told. */
  maxCommentBytes?: number
  /** Bytes of decryption secrets kept of each file; 16 MiB unless told. */
  maxSecretBytes?: number
  /** What was read before by another reader of the same input. */
  before?: InputBefore
}

export const DEFAULT_COMMENT_BYTES = 1024 * 1024
export const DEFAULT_SECRET_BYTES = 16 * 1024 * 1024
