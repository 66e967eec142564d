import type { Capture, Packet } from './pcap.js'

const ETHERNET = 1
const LINUX_COOKED = 113

/** Cuts every packet as `tcpdump -s` does. */
export function snap(capture: Capture, length: number): Capture {
  const packets = capture.packets.map((packet) => ({ ...packet, data: packet.data.subarray(0, length) }))
  return { ...capture, snapLength: length, packets }
}

/** Keeps what goes one way over the capturing machine's interface: the packets whose source address is given. */
export function fromAddress(capture: Capture, address: string): Capture {
  return { ...capture, packets: capture.packets.filter((packet) => sourceOf(packet.data) === address) }
}

/** Keeps the packets of a span of the capture, in shares of their number. */
export function span(capture: Capture, from: number, to: number): Capture {
  const { length } = capture.packets
  return { ...capture, packets: capture.packets.slice(Math.floor(length * from), Math.ceil(length * to)) }
}

/** Drops packets at random, the same ones for the same seed. */
export function lose(capture: Capture, share: number, seed: number): Capture {
  const random = generator(seed)
  return { ...capture, packets: capture.packets.filter(() => random() >= share) }
}

/** As recorded by a machine whose clock is ahead by seconds, and runs fast by parts per million. */
export function shiftClock(capture: Capture, seconds: number, ppm: number): Capture {
  const start = capture.packets[0]?.time ?? 0n
  const packets = capture.packets.map((packet) => {
    const drift = ((packet.time - start) * BigInt(ppm)) / 1_000_000n
    return { ...packet, time: packet.time + BigInt(seconds) * 1_000_000_000n + drift }
  })
  return { ...capture, packets }
}

/** Every packet twice, the copy some microseconds later, as captures on several interfaces have it. */
export function duplicate(capture: Capture): Capture {
  return {
    ...capture,
    packets: capture.packets.flatMap((packet) => [packet, { ...packet, time: packet.time + 3000n }]),
  }
}

/** As captured on the `any` device: no Ethernet header but Linux's cooked one. */
export function cook(capture: Capture): Capture {
  if (capture.linkType !== ETHERNET) throw new Error('Only Ethernet can be cooked')
  const packets = capture.packets.map((packet) => {
    const data = new Uint8Array(packet.data.length + 2)
    data.set([0, 0, 0, 1, 0, 6])
    data.set(packet.data.subarray(6, 12), 6)
    data.set(packet.data.subarray(12), 14)
    return { ...packet, data, originalLength: packet.originalLength + 2 }
  })
  return { ...capture, linkType: LINUX_COOKED, packets }
}

/** Puts an 802.1Q tag on every frame. */
export function tag(capture: Capture, vlan: number): Capture {
  const packets = capture.packets.map((packet) => {
    const data = new Uint8Array(packet.data.length + 4)
    data.set(packet.data.subarray(0, 12))
    data.set([0x81, 0x00, vlan >> 8, vlan & 255], 12)
    data.set(packet.data.subarray(12), 16)
    return { ...packet, data, originalLength: packet.originalLength + 4 }
  })
  return { ...capture, packets }
}

/** Puts two captures together; the second is moved to begin together with the first. */
export function merge(first: Capture, second: Capture): Capture {
  const shift = (first.packets[0]?.time ?? 0n) - (second.packets[0]?.time ?? 0n) + 1000n
  return interleave(first, {
    ...second,
    packets: second.packets.map((packet) => ({ ...packet, time: packet.time + shift })),
  })
}

/** Puts two captures of the same clock together. */
export function interleave(first: Capture, second: Capture): Capture {
  return { ...first, packets: [...first.packets, ...second.packets].sort(byTime) }
}

const byTime = (a: Packet, b: Packet): number => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)

/** The source address of an Ethernet frame with IPv4 or IPv6 in it. */
export function sourceOf(frame: Uint8Array): string | null {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
  if (type === 0x0800) return frame.subarray(26, 30).join('.')
  if (type !== 0x86dd) return null
  const words = Array.from(
    { length: 8 },
    (_, index) => ((frame[22 + index * 2] ?? 0) << 8) | (frame[23 + index * 2] ?? 0),
  )
  return words.map((word) => word.toString(16)).join(':')
}

/** Random numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
