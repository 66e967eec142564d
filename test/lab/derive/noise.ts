import type { Capture, Packet } from './pcap.js'
import { generator } from './transform.js'

/**
 * Traffic that has nothing to do with FTP: name look-ups, a web session, ARP and a broadcast, spread over a capture's
 * time.
 */
export function unrelated(like: Capture, count: number, seed: number): Capture {
  const random = generator(seed)
  const start = like.packets[0]?.time ?? 0n
  const end = like.packets.at(-1)?.time ?? start
  const packets = Array.from({ length: count }, (_, index): Packet => {
    const data = KINDS[index % KINDS.length]!(index, random)
    const time = start + ((end - start) * BigInt(index)) / BigInt(count)
    return { time, data, originalLength: data.length }
  })
  return { ...like, packets }
}

type Kind = (index: number, random: () => number) => Uint8Array

const KINDS: readonly Kind[] = [
  (index, random) => ipv4(17, [192, 168, 1, 77], [192, 168, 1, 1], udp(40000 + (index % 5000), 53, noise(30, random))),
  (index, random) => ipv4(6, [192, 168, 1, 77], [192, 0, 2, 80], tcp(50443, 443, index * 100, noise(100, random))),
  () =>
    ethernet(
      0x0806,
      Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 7, 192, 168, 1, 77, 0, 0, 0, 0, 0, 0, 192, 168, 1, 1),
    ),
  (index, random) =>
    ipv4(17, [192, 168, 1, 78], [239, 255, 255, 250], udp(1900, 1900, noise(60 + (index % 40), random))),
]

const noise = (length: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(random() * 256))

function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 7, type >> 8, type & 255, ...payload)
}

function ipv4(protocol: number, from: readonly number[], to: readonly number[], payload: Uint8Array): Uint8Array {
  const length = 20 + payload.length
  const header = Uint8Array.of(0x45, 0, length >> 8, length & 255, 0, 1, 0x40, 0, 64, protocol, 0, 0, ...from, ...to)
  let sum = 0
  for (let at = 0; at < 20; at += 2) sum += (header[at]! << 8) | header[at + 1]!
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  header[10] = (~sum >> 8) & 255
  header[11] = ~sum & 255
  return ethernet(0x0800, Uint8Array.of(...header, ...payload))
}

function udp(from: number, to: number, payload: Uint8Array): Uint8Array {
  const length = 8 + payload.length
  return Uint8Array.of(from >> 8, from & 255, to >> 8, to & 255, length >> 8, length & 255, 0, 0, ...payload)
}

/** The checksum stays 0: what looks at unrelated traffic need not trust it. */
function tcp(from: number, to: number, sequence: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(20)
  const view = new DataView(header.buffer)
  view.setUint16(0, from)
  view.setUint16(2, to)
  view.setUint32(4, sequence)
  view.setUint32(8, 1)
  header[12] = 0x50
  header[13] = 0x18
  view.setUint16(14, 8192)
  return Uint8Array.of(...header, ...payload)
}
