/** First bytes of clients of protocols without lines; `null` for any byte. FTP commands begin with no control byte. */
const REQUESTS: readonly (readonly [name: string, bytes: readonly (number | null)[]])[] = [
  // TPKT with a connection request (X.224 §13.3).
  ['RDP', [3, 0, 0, null, null, 0xe0]],
  // A session message, then 0xff or 0xfe and "SMB".
  ['SMB', [0, null, null, null, 0xff, 0x53, 0x4d, 0x42]],
  ['SMB', [0, null, null, null, 0xfe, 0x53, 0x4d, 0x42]],
  // SSLRequest, and the start of version 3.0.
  ['PostgreSQL', [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]],
  ['PostgreSQL', [0, 0, 0, null, 0, 3, 0, 0]],
  // TDS prelogin.
  ['MS SQL', [0x12, 1, 0, null, 0, 0]],
  // CONNECT, with the name of the protocol and its length.
  ['MQTT', [0x10, null, 0, 4, 0x4d, 0x51, 0x54, 0x54]],
  // RFC 1928 §3, with 1 to 3 methods, and version 4's CONNECT.
  ['SOCKS', [5, 1, 0]],
  ['SOCKS', [5, 2, 0, null]],
  ['SOCKS', [5, 3, 0, null, null]],
  ['SOCKS', [4, 1, null, null, null, null, null, null]],
]
const LONGEST = Math.max(...REQUESTS.map(([, bytes]) => bytes.length))

/** Recognizes a binary protocol in the first bytes of the client, independent of segmentation. */
export class BinaryRequest {
  readonly #head: number[] = []

  /** Name of the protocol once it is certain, otherwise `null`. Looks at the first bytes only. */
  data(bytes: Uint8Array, start: number, end: number): string | null {
    while (start < end && this.#head.length < LONGEST) {
      this.#head.push(bytes[start++]!)
      const name = this.#name()
      if (name !== null) return name
    }
    return null
  }

  #name(): string | null {
    const head = this.#head
    const found = REQUESTS.find(
      ([, bytes]) => bytes.length === head.length && bytes.every((byte, at) => byte === null || byte === head[at]),
    )
    return found?.[0] ?? null
  }
}
