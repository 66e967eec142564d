import type { Direction } from '../../tcp/connection.js'
import type { TlsFailure } from '../../tls/connection/negotiation.js'
import type { Place } from '../../tls/events.js'
import type { TlsFacts } from '../../tls/tls-facts.js'
import type { Dialogue } from '../model.js'

/** Takes the bytes of a direction that are TLS records, beside whoever reads their headers. */
export interface RecordTap {
  /** Records begin: at the start of the connection, after AUTH, or again after clear text. */
  begins(direction: Direction): void
  data(direction: Direction, bytes: Uint8Array, from: number, to: number, frame: number, time: number): void
  /** `length` bytes are missing; -1 if not even that is known. */
  gap(direction: Direction, length: number): void
  /** Clear text follows. */
  leaves(direction: Direction): void
}

export interface DecryptedText {
  /** Text of one record. A view, valid during the call. */
  text(direction: Direction, bytes: Uint8Array, place: Place): void
  /** Text of a direction is missing between what came before and what follows. */
  missing(direction: Direction, place: Place): void
  alert(direction: Direction, level: number, description: number, place: Place): void
  failed(failure: TlsFailure, place: Place): void
}

/** Decrypts the TLS of one control connection, and notes in its dialogue how far. */
export interface Decryptor extends RecordTap {
  /** Approximate memory in bytes. */
  readonly size: number
  /** What is known of the TLS connection, the last one if there were several; `null` before the first. */
  readonly facts: Readonly<TlsFacts> | null
  /** No more bytes: what waits for a secret is given up. */
  end(): void
}

/** Makes one; handed in, so that a build without decryption is smaller. */
export type MakeDecryptor = (dialogue: Dialogue, text: DecryptedText) => Decryptor
