import type { Representation, TransferDirection, TransferMode } from '../../ftp/model.js'
import type { EndpointReport } from '../contract.js'

export const EXTRACT_SCHEMA = 'ftpscope-extract/1'

/** What `ftpscope extract` writes as manifest.json, and prints with `--format json`. */
export interface ExtractReport {
  schema: typeof EXTRACT_SCHEMA
  tool: { name: string; version: string }
  /** Files in the order of their commands. */
  files: ExtractedFile[]
  /** Transfers of the chosen sessions that were refused, or had no data connection: nothing is extracted of them. */
  withoutData: number
}

/**
 * Whether the capture has all that was transferred: `complete` where its end and the server's reply, or the size that
 * the server stated, prove it; `partial` where something is known to be missing.
 */
export type Completeness = 'complete' | 'partial' | 'unknown'

/** Bytes that the capture lacks: in the file there are zeros, or nothing where their number is unknown. */
export interface FileGap {
  /** Offset in the file as it is stored. */
  at: number
  length: number | null
}

export interface FileDigests {
  size: number
  /** Hexadecimal. */
  md5: string
  sha1: string
  sha256: string
}

/** One file or listing. */
export interface ExtractedFile {
  /** Id of its session. */
  session: number
  /** Of its command, or of the first packet of its data connection where no command was read. */
  frame: number
  start: string
  client: EndpointReport
  server: EndpointReport
  user: string | null
  /** `null` where the command was not captured, or is hidden by TLS. */
  command: string | null
  /** As the client named it; for STOU as the server named it. */
  path: string | null
  /** With the working directory; absent where unknown. */
  absolutePath?: string
  direction: TransferDirection | null
  representation: Representation | null
  /** How it was sent (RFC 959 §3.4), unless as a stream. */
  mode?: Exclude<TransferMode, 'stream'>
  /** Path below the directory, with `/`; `null` if it was not written. */
  stored: string | null
  /** Where it begins in the file on the server, by REST or APPE; `null` if that is unknown. */
  offset: number | null
  /** Of what is stored, with zeros for gaps; `null` if nothing can be read of it. */
  content: FileDigests | null
  /** What was done to the bytes as they were sent, in this order; absent if nothing was. */
  converted?: ('inflated' | 'line-ends')[]
  /** The bytes as they were sent; absent if these are stored. */
  asSent?: FileDigests
  /** Size of the transfer that the server stated. */
  expectedSize: number | null
  completeness: Completeness
  /** What that rests on. */
  because: string[]
  gaps: FileGap[]
  /** Bytes after those that are stored, left out because of a limit; absent if there are none. */
  leftOut?: number
  /** Of a file whose transfer was continued by another one; absent for others. */
  parts?: ExtractedPart[]
}

/** One of the transfers that a file was put together from. */
export interface ExtractedPart {
  session: number
  frame: number
  command: string
  /** Where it begins in the file. */
  offset: number
  /** Bytes of the file that are taken from it. */
  size: number
}
