import { CR, DEL, LF, SPACE, TAB } from '../../bytes/ascii.js'
import { fileFormat } from '../../bytes/file-signatures.js'

const FIRST_HIGH = 0x80
const TEXT = 0x78
const CONTROL = 0x01
/** Bytes of a signature that stay. */
const SIGNATURE = 8
const BYTE_ORDER_MARK = 2

/** What takes the place of a byte of a file: line ends, tabs and zeros stay, of all others only the kind. */
export function fileByte(byte: number): number {
  if (byte === CR || byte === LF || byte === TAB || byte === 0) return byte
  if (byte < SPACE) return CONTROL
  return byte < DEL ? TEXT : FIRST_HIGH
}

/** How many of the first bytes of a file stay, since they say what kind of file it is. */
export function keptOfHead(head: Uint8Array): number {
  if (fileFormat(head) !== null) return SIGNATURE
  const [first, second] = head
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) ? BYTE_ORDER_MARK : 0
}
