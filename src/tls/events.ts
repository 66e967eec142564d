import type { Direction } from '../tcp/connection.js'
import type { TlsFailure } from './connection/negotiation.js'

/** The packet that completed a record. */
export interface Place {
  frame: number
  /** Nanoseconds since the first frame of the input. */
  time: number
}

/** What a connection's records contain, in the order in which they were completed, both directions together. */
export interface TlsEvents {
  /**
   * A handshake message without its header (RFC 8446 §4); `encrypted` if it was hidden from those without keys. A
   * KeyUpdate is one as well.
   */
  handshake(direction: Direction, type: number, body: Uint8Array, encrypted: boolean, place: Place): void
  /** Application data whose tag or MAC is right: one record's, at least a byte. A view, valid during the call. */
  application(direction: Direction, bytes: Uint8Array, place: Place): void
  /**
   * Application data whose length is known by that of its records, without decrypting them: `length` bytes in all, of
   * which the capture lacks `missing`. Only of a decoder that takes samples.
   */
  measured?(direction: Direction, length: number, missing: number, place: Place): void
  /** An alert (RFC 8446 §6); close_notify is description 0. */
  alert(direction: Direction, level: number, description: number, encrypted: boolean, place: Place): void
  /**
   * So many records before the one that follows were lost: not captured, damaged, or not decrypted. Their number is
   * exact while their keys are the same; otherwise at least so many. `content` is the length of what they contained, if
   * that was application data; `null` if it is not known.
   */
  skipped(direction: Direction, records: number, place: Place, content: number | null): void
  /** A record stays unread: no secret fits, or parts of it are missing. `length` is that in its header. */
  opaque(direction: Direction, type: number, length: number, place: Place): void
  /** The connection cannot be decrypted, or not from here on; reported once for each kind. */
  failed(failure: TlsFailure, place: Place): void
}
