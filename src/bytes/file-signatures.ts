/** First bytes of file formats, one character per byte: compression, archives, captures of other tools, documents. */
const SIGNATURES = {
  gzip: ['\x1f\x8b'],
  zstd: ['\x28\xb5\x2f\xfd'],
  /** Skippable frames of zstd (RFC 8878 §3.1.2), with which pzstd begins; the low four bits of the first byte vary. */
  'zstd-skippable': Array.from({ length: 16 }, (_, free) => String.fromCharCode(0x50 + free) + '\x2a\x4d\x18'),
  bzip2: ['BZh'],
  xz: ['\xfd7zXZ'],
  lz4: ['\x04\x22\x4d\x18'],
  zip: ['PK\x03\x04'],
  snoop: ['snoop\0'],
  btsnoop: ['btsnoop\0'],
  netmon: ['GMBU'],
  netmon1: ['RTSS'],
  sniffer: ['TRSNIFF data'],
  iptrace: ['iptrace '],
  omnipeek: ['\x7fver'],
  elf: ['\x7fELF'],
  windows: ['MZ\x90'],
  png: ['\x89PNG'],
  jpeg: ['\xff\xd8\xff'],
  gif: ['GIF8'],
  '7-zip': ['7z\xbc\xaf'],
  rar: ['Rar!'],
  pdf: ['%PDF'],
  ole: ['\xd0\xcf\x11\xe0'],
} satisfies Record<string, string[]>

export type FileFormat = keyof typeof SIGNATURES

const FORMATS = Object.keys(SIGNATURES) as FileFormat[]

/** The format of a file that starts with these bytes; `null` if it is not in the table, or with too few bytes. */
export function fileFormat(start: Uint8Array): FileFormat | null {
  return FORMATS.find((format) => SIGNATURES[format].some((signature) => begins(start, signature))) ?? null
}

/** The magic number of a zstd frame. */
export const ZSTD_SIGNATURE: readonly number[] = Array.from(SIGNATURES.zstd[0]!, (byte) => byte.charCodeAt(0))

function begins(start: Uint8Array, signature: string): boolean {
  if (start.length < signature.length) return false
  for (let i = 0; i < signature.length; i++) if (start[i] !== signature.charCodeAt(i)) return false
  return true
}
