import { type FileFormat, fileFormat } from '../bytes/file-signatures.js'
import { beginsTls, readTlsHead, type TlsHead } from '../tls/hello.js'
import { type Connection, Direction } from '../tcp/connection.js'
import type { DataContent } from './content/data-content.js'

/** What the first bytes of a data connection show. */
export interface DataHead {
  /** By direction: begins with a TLS record, with something else, or with nothing. */
  content: readonly [HeadForm, HeadForm]
  /** By direction: the TLS that is in the clear. */
  tls: readonly [TlsHead | null, TlsHead | null]
  /** By direction: the first bytes of the content are known, in clear text or decrypted. */
  known: readonly [boolean, boolean]
  /** By direction: the type of file that begins so ("PNG image"), or "binary data"; `null` for text. */
  binary: readonly [string | null, string | null]
}

export type HeadForm = 'none' | 'tls' | 'clear'

/** Files that ASCII mode destroys. */
const BINARY: Partial<Record<FileFormat, string>> = {
  png: 'PNG image',
  jpeg: 'JPEG image',
  gif: 'GIF image',
  zip: 'ZIP archive',
  gzip: 'gzip file',
  bzip2: 'bzip2 file',
  xz: 'xz file',
  zstd: 'zstd file',
  '7-zip': '7-Zip archive',
  rar: 'RAR archive',
  pdf: 'PDF document',
  elf: 'ELF program',
  windows: 'Windows program',
  ole: 'OLE document',
}

/** Examines the first bytes that were kept of a connection, and of what was decrypted. */
export function dataHead(connection: Connection, decrypted: DataContent | null): DataHead {
  const heads = [
    connection.flows[Direction.FromInitiator].head,
    connection.flows[Direction.FromResponder].head,
  ] as const
  const [initiator, responder] = decrypted?.flows ?? []
  const contents = [initiator?.head ?? heads[0], responder?.head ?? heads[1]] as const
  return {
    content: [formOf(heads[0]), formOf(heads[1])],
    tls: [tlsOf(heads[0]), tlsOf(heads[1])],
    known: [isClear(contents[0]), isClear(contents[1])],
    binary: [binaryOf(contents[0]), binaryOf(contents[1])],
  }
}

function isClear(head: Uint8Array | null): boolean {
  return formOf(head) === 'clear'
}

function formOf(head: Uint8Array | null): HeadForm {
  if (head === null) return 'none'
  return beginsTls(head) ? 'tls' : 'clear'
}

function tlsOf(head: Uint8Array | null): TlsHead | null {
  return head !== null && beginsTls(head) ? readTlsHead(head) : null
}

function binaryOf(head: Uint8Array | null): string | null {
  if (head === null || beginsTls(head)) return null
  const format = fileFormat(head)
  const known = format === null ? undefined : BINARY[format]
  if (known !== undefined) return known
  // Text contains no NUL, unless it is UTF-16, which begins with a byte order mark.
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return head.includes(0) && !utf16 ? 'binary data' : null
}
