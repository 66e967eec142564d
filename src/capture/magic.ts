import { CR, DEL, LF, SPACE, TAB } from '../bytes/ascii.js'
import { type FileFormat, fileFormat } from '../bytes/file-signatures.js'
import { u32be, u32le } from '../bytes/read.js'
import { MODIFIED_LAYOUTS, PLAIN, type RecordLayout, STANDARD_LAYOUTS } from './pcap-layout.js'
import { BlockType } from './pcapng-blocks.js'

/** What the first four bytes of a pcap file say. */
export interface PcapMagic {
  littleEndian: boolean
  /** Nanoseconds per unit of the record's second time field. */
  unit: 1 | 1000
  /** Length of the file's header. */
  fileHeader: 24 | 28
  /** Headers that the file's records may have; more than one where the magic number leaves that open. */
  layouts: readonly RecordLayout[]
}

type Magic = Omit<PcapMagic, 'littleEndian'>

const MAGIC_NUMBERS: ReadonlyMap<number, Magic> = new Map<number, Magic>([
  [0xa1b2c3d4, { unit: 1000, fileHeader: 24, layouts: STANDARD_LAYOUTS }],
  [0xa1b23c4d, { unit: 1, fileHeader: 24, layouts: [PLAIN] }],
  [0xa1b2cd34, { unit: 1000, fileHeader: 24, layouts: MODIFIED_LAYOUTS }],
  // Ixia's hardware and software captures: the length of all records follows the file's header.
  [0x1c0001ac, { unit: 1, fileHeader: 28, layouts: [PLAIN] }],
  [0x1c0001ab, { unit: 1000, fileHeader: 28, layouts: [PLAIN] }],
])

/** The pcap variant of a file that starts with these bytes (at least four); `null` if it is not pcap. */
export function pcapMagic(bytes: Uint8Array): PcapMagic | null {
  for (const littleEndian of [true, false]) {
    const magic = MAGIC_NUMBERS.get(littleEndian ? u32le(bytes, 0) : u32be(bytes, 0))
    if (magic) return { littleEndian, ...magic }
  }
  return null
}

/** Whether a file that starts with these bytes (at least four) is pcapng; its magic is a palindrome (§4.1). */
export function isPcapng(bytes: Uint8Array): boolean {
  return u32be(bytes, 0) === BlockType.SectionHeader
}

/** Bytes at the start of a file that identify it when it is not a capture. */
export const PROBE_LENGTH = 16

/** Bytes quoted in the message when the format is unknown. */
const QUOTED_BYTES = 8

const ADVICE = 'give a pcap or pcapng file'
const CONVERT = 'convert it with "editcap -F pcapng"'
const DECOMPRESS = 'decompress it first'

/** Formats that are mistaken for captures: what to call them, and what to do. */
const FOREIGN: Record<FileFormat, readonly [name: string, advice: string]> = {
  gzip: ['gzip data', DECOMPRESS],
  zstd: ['zstd data', DECOMPRESS],
  'zstd-skippable': ['zstd data', DECOMPRESS],
  bzip2: ['bzip2 data', DECOMPRESS],
  xz: ['xz data', DECOMPRESS],
  lz4: ['lz4 data', DECOMPRESS],
  zip: ['a zip archive', 'unpack it first'],
  snoop: ['a snoop capture', CONVERT],
  btsnoop: ['a Bluetooth snoop capture, which cannot contain FTP', ADVICE],
  netmon: ['a Network Monitor capture', CONVERT],
  netmon1: ['a Network Monitor 1 capture', CONVERT],
  sniffer: ['a Sniffer capture', CONVERT],
  iptrace: ['an AIX iptrace capture', CONVERT],
  omnipeek: ['an Omnipeek capture', CONVERT],
  elf: ['an executable', ADVICE],
  windows: ['an executable', ADVICE],
  png: ['a PNG image', ADVICE],
  jpeg: ['a JPEG image', ADVICE],
  gif: ['a GIF image', ADVICE],
  '7-zip': ['a 7-Zip archive', 'unpack it first'],
  rar: ['a RAR archive', 'unpack it first'],
  pdf: ['a PDF document', ADVICE],
  ole: ['an OLE document', ADVICE],
}

/** Describes a file that is not a capture by its first bytes (up to `PROBE_LENGTH`). */
export function describeForeign(start: Uint8Array): { found: string; advice: string } {
  if (start.length === 0) return { found: 'it is empty', advice: 'check that the capture program wrote packets' }
  const format = fileFormat(start)
  if (format) {
    const [name, advice] = FOREIGN[format]
    return { found: `${name} at offset 0`, advice }
  }
  const printable = start.every((byte) => (byte >= SPACE && byte < DEL) || byte === TAB || byte === LF || byte === CR)
  if (printable) return { found: `text at offset 0: ${JSON.stringify(String.fromCharCode(...start))}`, advice: ADVICE }
  const hex = [...start.subarray(0, QUOTED_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return { found: `unknown bytes at offset 0: ${hex}`, advice: ADVICE }
}
