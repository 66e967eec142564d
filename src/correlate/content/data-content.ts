import type { Connection, Direction, Sighting } from '../../tcp/connection.js'
import type { PayloadSink } from '../../tcp/payload-reader.js'
import type { TlsFacts } from '../../tls/tls-facts.js'

/** What one direction of a data connection under TLS contains, as far as it was decrypted. */
export interface FlowContent {
  /** Bytes of content, those in records that the capture lacks included; `null` where their number is not known. */
  bytes: number | null
  /** Of these: bytes that the capture lacks. */
  missingBytes: number
  /** The first bytes, up to `HEAD`; `null` without any. */
  head: Uint8Array | null
  /** The packets that completed the first and the last record with content. */
  firstData: Sighting | null
  lastData: Sighting | null
  /** Its sender said that no more follows (RFC 8446 §6.1). */
  closeNotify: Sighting | null
  /** The last record is incomplete. */
  cut: boolean
  /** Clear text after the records, its first characters. */
  clearText: (Sighting & { text: string }) | null
}

/** A data connection whose TLS was decrypted, in both directions. */
export interface DataContent {
  flows: readonly [FlowContent, FlowContent]
}

/** Takes the content of a data connection, each direction in order. */
export interface ContentSink {
  /** A view, valid during the call; under TLS the content of one record. */
  content(direction: Direction, bytes: Uint8Array, at: Sighting): void
  /** So many bytes are missing, `null` if not even that is known: not captured, or not decrypted. */
  missing(direction: Direction, length: number | null, at: Sighting): void
  /** The session is over: no more will come. */
  end(): void
}

/** Chooses the data connections whose content is wanted; `null` for the others. */
export type WantContent = (connection: Connection) => ContentSink | null

/** Reads the payload of a data connection that may be under TLS. */
export interface ContentReader extends PayloadSink {
  /** What its TLS shows, with or without keys; `null` if it is not under TLS. */
  readonly tls: Readonly<TlsFacts> | null
  /** What was decrypted; `null` if nothing was. */
  readonly content: DataContent | null
  /** No more bytes, nor secrets: what waits for one is given up. */
  end(): void
  /** Its memory is not needed any more. */
  release(): void
}

/** Of a connection; `null` where nothing was read. */
export type ContentOf = (connection: Connection) => Pick<ContentReader, 'tls' | 'content'> | null

/** Makes one; what it keeps is counted to `kept`. Handed in, so that a build without decryption is smaller. */
export type MakeContentReader = (kept: { bytes: number }, sink: ContentSink | null) => ContentReader
