import { u32be, u32le } from '../bytes/read.js'

/** How the records of a pcap file are written, told by the first four bytes. */
export interface PcapVariant {
  littleEndian: boolean
  /** Nanoseconds of one unit of the record's second time field. */
  unit: 1 | 1000
  digits: 6 | 9
  recordHeader: 16 | 24
}

/** Section Header Block: the same in both byte orders (draft-ietf-opsawg-pcapng §4.1). */
export const PCAPNG_MAGIC = 0x0a0d0d0a

const PCAP_MICROSECONDS = 0xa1b2c3d4
const PCAP_NANOSECONDS = 0xa1b23c4d
/** Alexey Kuznetzov's patch of 1999: interface, protocol and packet type follow in each record header. */
const PCAP_MODIFIED = 0xa1b2cd34

/** The pcap variant that starts with these bytes (at least four), or `null`. */
export function pcapVariant(bytes: Uint8Array): PcapVariant | null {
  for (const littleEndian of [true, false]) {
    switch (littleEndian ? u32le(bytes, 0) : u32be(bytes, 0)) {
      case PCAP_MICROSECONDS:
        return { littleEndian, unit: 1000, digits: 6, recordHeader: 16 }
      case PCAP_NANOSECONDS:
        return { littleEndian, unit: 1, digits: 9, recordHeader: 16 }
      case PCAP_MODIFIED:
        return { littleEndian, unit: 1000, digits: 6, recordHeader: 24 }
    }
  }
  return null
}

/** Bytes at the start of a file that tell what it is when it is no capture. */
export const PROBE_LENGTH = 16

const ADVICE = 'give a pcap or pcapng file'
const CONVERT = 'convert it with "editcap -F pcapng"'
const DECOMPRESS = 'decompress it first'

/** First bytes of files that people take for captures, what each is, and what to do about it. */
const RELATIVES: readonly (readonly [magic: readonly number[] | string, name: string, advice: string])[] = [
  [[0x1f, 0x8b], 'gzip data', DECOMPRESS],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd data', DECOMPRESS],
  ['BZh', 'bzip2 data', DECOMPRESS],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz data', DECOMPRESS],
  [[0x04, 0x22, 0x4d, 0x18], 'lz4 data', DECOMPRESS],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive', 'unpack it first'],
  ['snoop\0', 'a snoop capture', CONVERT],
  ['btsnoop\0', 'a Bluetooth snoop capture, which holds no FTP', ADVICE],
  ['GMBU', 'a Network Monitor capture', CONVERT],
  ['RTSS', 'a Network Monitor 1 capture', CONVERT],
  ['TRSNIFF data', 'a Sniffer capture', CONVERT],
  ['iptrace ', 'an AIX iptrace capture', CONVERT],
  ['\x7fver', 'an Omnipeek capture', CONVERT],
  [[0x1c, 0x00, 0x01, 0xac], 'an Ixia capture', CONVERT],
  [[0xac, 0x01, 0x00, 0x1c], 'an Ixia capture', CONVERT],
  [[0x1c, 0x00, 0x01, 0xab], 'an Ixia capture', CONVERT],
  [[0xab, 0x01, 0x00, 0x1c], 'an Ixia capture', CONVERT],
  ['\x7fELF', 'an executable', ADVICE],
]

/** Says in words what a file is that starts with these bytes (up to `PROBE_LENGTH`) and is no capture. */
export function describeForeign(start: Uint8Array): { found: string; advice: string } {
  if (start.length === 0) return { found: 'it is empty', advice: 'check that the capture has written packets' }
  for (const [magic, name, advice] of RELATIVES) {
    const wanted = typeof magic === 'string' ? Array.from(magic, (character) => character.charCodeAt(0)) : magic
    if (start.length >= wanted.length && wanted.every((byte, i) => start[i] === byte))
      return { found: `${name} at offset 0`, advice }
  }
  const printable = start.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13)
  if (printable) return { found: `text at offset 0: ${JSON.stringify(String.fromCharCode(...start))}`, advice: ADVICE }
  const hex = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return { found: `unknown bytes at offset 0: ${hex}`, advice: ADVICE }
}
