import type { Packet } from '../../wire/packet.js'

/** Memory for datagrams that came in fragments; what comes later is zeros in the copy. */
const LARGEST_TOTAL = 64 * 1024 * 1024

interface Datagram {
  /** Both addresses, and the payload. */
  bytes: Uint8Array
  payloadAt: number
  version: number
  protocol: number
  frame: number
}

interface Piece {
  datagram: number
  /** In the frame, and in the datagram's payload. */
  at: number
  offset: number
}

/** Datagrams put together from fragments, and where their fragments are. */
export class Datagrams {
  readonly #datagrams: Datagram[] = []
  readonly #pieces = new Map<number, Piece[]>()
  #bytes = 0
  #images: (Uint8Array | null)[] = []

  /** A datagram was completed: `packet` has its buffer, `payloadEnd` is where it ends there. */
  add({ bytes, version, destinationAt, fragments, frame }: Packet, payloadEnd: number, protocol: number): void {
    if (this.#bytes + payloadEnd > LARGEST_TOTAL) return
    this.#bytes += payloadEnd
    const datagram = this.#datagrams.length
    const own = bytes.slice(0, payloadEnd)
    this.#datagrams.push({ bytes: own, payloadAt: 2 * destinationAt, version, protocol, frame })
    for (const { frame: piece, at, offset } of fragments) {
      const pieces = this.#pieces.get(piece)
      if (pieces) pieces.push({ datagram, at, offset })
      else this.#pieces.set(piece, [{ datagram, at, offset }])
    }
  }

  /** Rewrites all of them: `rewrite` returns as many bytes. */
  rewrite(rewrite: (datagram: Readonly<Datagram>) => Uint8Array): void {
    this.#images = this.#datagrams.map((datagram) => rewrite(datagram))
  }

  /** The bytes of the fragment with its payload at `at` of this frame; `null` if its datagram is not known. */
  fragment(frame: number, at: number, length: number): Uint8Array | null {
    const piece = this.#pieces.get(frame)?.find((each) => each.at === at)
    if (!piece) return null
    const start = this.#datagrams[piece.datagram]!.payloadAt + piece.offset
    return this.#images[piece.datagram]!.subarray(start, start + length)
  }
}
