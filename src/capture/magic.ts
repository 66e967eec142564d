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

/** Bytes at the start of a file that identify it when it is not a capture: the header of a tar archive. */
export const PROBE_LENGTH = 512

/** Bytes and characters quoted in the message when the format is unknown. */
const QUOTED_BYTES = 8
const QUOTED_CHARACTERS = 16

type Advice = (path: string) => string

const give: Advice = () => 'give a pcap or pcapng file'
const convert: Advice = (path) => `convert it: editcap -F pcapng ${path} converted.pcapng`
const unpack =
  (command: string): Advice =>
  (path) =>
    `unpack it first: ${command} ${path}`
const decompress =
  (command: string): Advice =>
  (path) =>
    `decompress it: ${command} -dc ${path} | ftpscope -`
const fromText: Advice = (path) => `convert it: text2pcap ${path} converted.pcapng`

/** Formats that are mistaken for captures: what to call them, and what to do. */
const FOREIGN: Record<FileFormat, readonly [name: string, advice: Advice]> = {
  gzip: ['gzip data', decompress('gzip')],
  zstd: ['zstd data', decompress('zstd')],
  'zstd-skippable': ['zstd data', decompress('zstd')],
  bzip2: ['bzip2 data', decompress('bzip2')],
  xz: ['xz data', decompress('xz')],
  lz4: ['lz4 data', decompress('lz4')],
  zip: ['a zip archive', unpack('unzip')],
  snoop: ['a snoop capture', convert],
  btsnoop: ['a Bluetooth snoop capture, which cannot contain FTP', give],
  netmon: ['a Network Monitor capture', convert],
  netmon1: ['a Network Monitor 1 capture', convert],
  sniffer: ['a Sniffer capture', convert],
  iptrace: ['an AIX iptrace capture', convert],
  omnipeek: ['an Omnipeek capture', convert],
  elf: ['an executable', give],
  windows: ['an executable', give],
  png: ['a PNG image', give],
  jpeg: ['a JPEG image', give],
  gif: ['a GIF image', give],
  '7-zip': ['a 7-Zip archive', unpack('7z x')],
  rar: ['a RAR archive', unpack('unrar x')],
  pdf: ['a PDF document', give],
  ole: ['an OLE document', give],
}

/** Texts that stand for a capture, by their first lines. */
const TEXTS: readonly (readonly [pattern: RegExp, name: string, advice: Advice])[] = [
  [/^\s*(?:<!doctype html|<html)/i, 'an HTML document', give],
  [/^\s*<\?xml/i, 'an XML document', give],
  [/^\s*\{\s*"(?:schema|type)"/, 'JSON, as ftpscope and others write it', give],
  [/^\s*[[{]\s*["{]/, 'JSON', give],
  [/^\s*0x0000: {1,2}(?:[0-9a-f]{4} )/m, 'a hex dump of tcpdump', () => 'capture with tcpdump -w instead of -x'],
  [/^0{4,8}[ \t]+(?:[0-9a-f]{2} ){4}/im, 'a hex dump', fromText],
]

/** Describes a file that is not a capture by its first bytes (up to `PROBE_LENGTH`). */
export function describeForeign(start: Uint8Array, path: string): { found: string; advice: string } {
  if (start.length === 0) return { found: 'it is empty', advice: 'check that the capture program wrote packets' }
  const file = path === '-' ? 'FILE' : shellWord(path)
  const format = fileFormat(start)
  if (format) {
    const [name, advice] = FOREIGN[format]
    return { found: `${name} at offset 0`, advice: advice(file) }
  }
  if (isTar(start)) return { found: 'a tar archive', advice: unpack('tar -xf')(file) }
  if (isEventTrace(start)) return { found: 'a Windows event trace', advice: `convert it: pktmon etl2pcap ${file}` }
  const printable = start.every((byte) => (byte >= SPACE && byte < DEL) || byte === TAB || byte === LF || byte === CR)
  if (!printable) {
    const hex = [...start.subarray(0, QUOTED_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    return { found: `unknown bytes at offset 0: ${hex}`, advice: give(file) }
  }
  const text = String.fromCharCode(...start)
  const known = TEXTS.find(([pattern]) => pattern.test(text))
  if (known) return { found: known[1], advice: known[2](file) }
  return { found: `text at offset 0: ${JSON.stringify(text.slice(0, QUOTED_CHARACTERS))}`, advice: give(file) }
}

/** POSIX tar's magic, which GNU tar begins with as well, and its place (POSIX.1-2017, pax). */
const USTAR = 'ustar'
const USTAR_AT = 257

function isTar(start: Uint8Array): boolean {
  return String.fromCharCode(...start.subarray(USTAR_AT, USTAR_AT + USTAR.length)) === USTAR
}

/** Of the first event behind the header of a trace's buffer (ETL): 32 or 64 bits, and the mark of an event. */
const EVENT_TYPE_AT = 74
const EVENT_MARK = 0xc0

/** A trace of Windows, as `netsh trace` and `pktmon` write: buffers of equal size that begin with that size. */
function isEventTrace(start: Uint8Array): boolean {
  if (start.length <= EVENT_TYPE_AT + 1) return false
  const [size, used] = [u32le(start, 0), u32le(start, 4)]
  const type = start[EVENT_TYPE_AT]!
  return (
    size >= 1024 &&
    size % 1024 === 0 &&
    used <= size &&
    (type === 1 || type === 2) &&
    start[EVENT_TYPE_AT + 1] === EVENT_MARK
  )
}

/** A path as a word of a shell. */
function shellWord(path: string): string {
  return /^[\w./:@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
