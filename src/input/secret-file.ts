/** Files of TLS secrets beside captures, told from them by their content. */

import { decodeText } from '../bytes/text.js'

/** Bytes of the largest one that is read: memory holds it, and what is kept of it. */
export const LARGEST_SECRET_FILE = 256 * 1024 * 1024
/** Bytes of a file that tell what it is. */
export const SECRET_FILE_PROBE = 4096

/** A key log (RFC 9850), or PEM blocks (RFC 7468), among which may be private keys. */
export type SecretFileKind = 'key-log' | 'pem'

/** A label of a key log, and digits. */
const SECRET_LINE = /^(?:CLIENT|SERVER|EXPORTER|EARLY|ECH|RSA)[A-Z0-9_]* +[0-9a-f]{2,}/i
/** How libraries begin a key log, which may have no secret yet. */
const FIRST_COMMENT = /^#.*\b(?:secrets log|key ?log)/i
const PEM_BLOCK = /^-----BEGIN [A-Z0-9 ]+-----\s*$/m

/** What a file is that begins with `head`; `null` if it holds no secrets. */
export function secretFileKind(head: Uint8Array): SecretFileKind | null {
  const text = decodeText(head.subarray(0, SECRET_FILE_PROBE)).replace('\uFEFF', '')
  if (text.includes('\0')) return null
  if (PEM_BLOCK.test(text)) return 'pem'
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  const first = lines.find((line) => line !== '' && !line.startsWith('#'))
  if (first === undefined) return FIRST_COMMENT.test(text) ? 'key-log' : null
  return SECRET_LINE.test(first) ? 'key-log' : null
}
