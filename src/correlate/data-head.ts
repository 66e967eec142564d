import { beginsTls, readTlsHead, type TlsHead } from '../ftp/tls/tls-hello.js'
import { type Connection, Direction } from '../tcp/connection.js'

/** What the first bytes of a data connection show; its payload is not read further. */
export interface DataHead {
  /** By direction: begins with a TLS record, with something else, or with nothing. */
  content: readonly [DataContent, DataContent]
  /** By direction: the TLS that is in the clear. */
  tls: readonly [TlsHead | null, TlsHead | null]
  /** By direction: the type of file that begins so ("PNG image"), or "binary data"; `null` for text. */
  binary: readonly [string | null, string | null]
}

export type DataContent = 'none' | 'tls' | 'clear'

/** First bytes of files that ASCII mode destroys. */
const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ['PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG image', [0xff, 0xd8, 0xff]],
  ['GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip file', [0x1f, 0x8b, 0x08]],
  ['bzip2 file', [0x42, 0x5a, 0x68]],
  ['xz file', [0xfd, 0x37, 0x7a, 0x58]],
  ['zstd file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['RAR archive', [0x52, 0x61, 0x72, 0x21]],
  ['PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['Windows program', [0x4d, 0x5a, 0x90]],
  ['OLE document', [0xd0, 0xcf, 0x11, 0xe0]],
]

/** Examines the first bytes that were kept of a connection. */
export function dataHead(connection: Connection): DataHead {
  const heads = [
    connection.flows[Direction.FromInitiator].head,
    connection.flows[Direction.FromResponder].head,
  ] as const
  return {
    content: [contentOf(heads[0]), contentOf(heads[1])],
    tls: [tlsOf(heads[0]), tlsOf(heads[1])],
    binary: [binaryOf(heads[0]), binaryOf(heads[1])],
  }
}

function contentOf(head: Uint8Array | null): DataContent {
  if (head === null) return 'none'
  return beginsTls(head) ? 'tls' : 'clear'
}

function tlsOf(head: Uint8Array | null): TlsHead | null {
  return head !== null && beginsTls(head) ? readTlsHead(head) : null
}

function binaryOf(head: Uint8Array | null): string | null {
  if (head === null || beginsTls(head)) return null
  const known = MAGIC.find(([, magic]) => magic.every((byte, index) => head[index] === byte))
  if (known) return known[0]
  // Text contains no NUL, unless it is UTF-16, which begins with a byte order mark.
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return head.includes(0) && !utf16 ? 'binary data' : null
}
