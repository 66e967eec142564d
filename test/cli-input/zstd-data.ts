import { join, pcap, text } from '../capture/build.js'

const MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)

/** A block of raw bytes. */
export function rawBlock(data: Uint8Array, last = false): Uint8Array {
  return join(blockHeader(data.length, 0, last), data)
}

/** A block that is one byte, `length` times. */
export function runBlock(byte: number, length: number, last = false): Uint8Array {
  return join(blockHeader(length, 1, last), Uint8Array.of(byte))
}

/** Block_Header (RFC 8878 §3.1.1.2). */
export function blockHeader(size: number, type: number, last: boolean): Uint8Array {
  const value = (size << 3) | (type << 1) | Number(last)
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, value >> 16)
}

/** A frame with a window of 2^(10 + exponent) bytes. */
export function zstdFrame(blocks: Uint8Array[], exponent = 7): Uint8Array {
  return join(MAGIC, Uint8Array.of(0, exponent << 3), ...blocks)
}

export function skippableFrame(length: number): Uint8Array {
  return join(Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, length, 0, 0, 0), new Uint8Array(length).fill(1))
}

/** A capture, and what `zstd -19 --check` made of it. */
export const plain = pcap(
  Array.from({ length: 40 }, (_, i) => ({
    seconds: 1_700_000_000 + i,
    data: text(`frame ${i % 7} of a capture that compresses well, ${(i * 7919) % 1000}`),
  })),
)
export const compressed = new Uint8Array(
  Buffer.from(
    'KLUv/WTBCEUJADKOMSlwWQd8/7+rg77fVVW99ZGhdb77/4KUUqaUkhRV+o9JHnZ52OVhlzeyA+teYm5S88ip6OWGpDNocn9odFhpe+L8zr7k' +
      'cM9NL9V4pZmfFSP/MnstdLlSK1Mi7clKl7B/pFlCPM7H0+mQkjamVwblPy1qdEWs24mdzAj+3kO3R4OvLHz9J8gpfTB/toA25UDduihAhKbX' +
      'i3WDNBaNxprJYLEVrKlcNcia2Woy1QqqYCsGI2TBVLOW6WOleB/g+3q9b/AFcDndLkKoYUgC8WHYfwOAK0qhMVIIKiiG4FcU/GM5YX5W8yHr' +
      'SY96iR/XK38V5+0//6E/QIE6PjwHeG2MC6/3cw7zaXfjexUAelqKF1uo+ThtuGGBArRSaui1/iqX7Mh/K1ADbjsjqw==',
    'base64',
  ),
)
