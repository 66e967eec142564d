import type { Direction } from '../../tcp/connection.js'
import type { Place, TlsEvents } from '../../tls/events.js'
import { ContentType } from '../../tls/record-layer.js'
import type { TlsContext } from '../../tls/tls-context.js'
import { TlsDecoder } from '../../tls/tls-decoder.js'
import type { TlsFacts } from '../../tls/tls-facts.js'
import { type Dialogue, FROM_CLIENT } from '../model.js'
import type { DecryptedText, Decryptor } from './decryption.js'

/** Decrypts the TLS of a control connection: one connection after the other, where CCC and AUTH end it and begin it. */
export class ControlDecryption implements Decryptor {
  readonly #context: TlsContext
  readonly #dialogue: Dialogue
  readonly #text: DecryptedText
  #decoder: TlsDecoder | null = null
  #facts: Readonly<TlsFacts> | null = null
  /** By direction: clear text has followed the records of this TLS connection. */
  #left: [boolean, boolean] = [false, false]
  /** By direction: a record of this TLS connection was decrypted. */
  #opened: [boolean, boolean] = [false, false]
  /** By direction: the first record of this TLS connection that stayed unread before the first that was decrypted. */
  #unread: [Place | null, Place | null] = [null, null]
  /** The first record that stayed unread since. */
  #hidden: Place | null = null

  constructor(context: TlsContext, dialogue: Dialogue, text: DecryptedText) {
    this.#context = context
    this.#dialogue = dialogue
    this.#text = text
  }

  get facts(): Readonly<TlsFacts> | null {
    return this.#facts
  }

  get size(): number {
    return this.#decoder?.size ?? 0
  }

  begins(direction: Direction): void {
    const again = this.#left[0] && this.#left[1]
    if (this.#decoder && !again) {
      this.#left[direction] = false
      return
    }
    this.#end()
    this.#left = [false, false]
    this.#opened = [false, false]
    this.#decoder = new TlsDecoder(this.#context, this.#events(), FROM_CLIENT)
    this.#facts = this.#decoder.facts
  }

  data(direction: Direction, bytes: Uint8Array, from: number, to: number, frame: number, time: number): void {
    const decoder = this.#decoder
    if (!decoder) return
    let at = decoder.data(direction, bytes, from, to, frame, time)
    while (at < to) {
      decoder.startsInside(direction)
      at = decoder.data(direction, bytes, at, to, frame, time)
    }
  }

  gap(direction: Direction, length: number): void {
    if (length < 0) this.#decoder?.startsInside(direction)
    else this.#decoder?.gap(direction, length)
  }

  leaves(direction: Direction): void {
    this.#left[direction] = true
  }

  end(): void {
    this.#end()
    this.#decoder = null
  }

  #end(): void {
    this.#decoder?.end()
    // What was never opened on one side, or in this TLS connection at all, is hidden.
    for (const place of this.#unread) if (place) this.#hides(place)
    this.#unread = [null, null]
    this.#note()
  }

  #events(): TlsEvents {
    return {
      handshake: () => undefined,
      application: (direction, bytes, place) => {
        this.#opened[direction] = true
        // In TLS 1.3 what stayed unread before may be handshake or early data.
        this.#unread[direction] = null
        this.#dialogue.decryption ??= { hiddenFrom: null }
        this.#text.text(direction, bytes, place)
      },
      alert: (direction, level, description, encrypted, place) => {
        if (encrypted) this.#text.alert(direction, level, description, place)
      },
      skipped: (direction, _records, place) => {
        this.#text.missing(direction, place)
      },
      opaque: (direction, type, _length, place) => {
        if (type !== ContentType.ApplicationData) return
        if (this.#opened[direction]) {
          this.#hides(place)
          this.#text.missing(direction, place)
        } else this.#unread[direction] ??= place
      },
      failed: (failure, place) => {
        if (!this.#context.secrets.isEmpty) this.#text.failed(failure, place)
      },
    }
  }

  #hides(place: Place): void {
    if (!this.#hidden || place.frame < this.#hidden.frame) this.#hidden = place
    this.#note()
  }

  #note(): void {
    const { decryption } = this.#dialogue
    if (decryption) decryption.hiddenFrom = this.#hidden
  }
}
