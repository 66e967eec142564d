import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deriveAll } from './derivations.js'
import { unrelated } from './noise.js'
import { readPcap, writePcap, writePcapng } from './pcap.js'
import { cook, duplicate, fromAddress, lose, merge, snap, sourceOf, span, tag } from './transform.js'

const bytes = readFileSync(new URL('../../../samples/lab/passive-healthy.client.pcap', import.meta.url))
const capture = readPcap(bytes)
const CLIENT = '192.168.1.10'

describe('a pcap file', () => {
  it('is the same bytes after reading and writing', () => {
    expect(Buffer.from(writePcap(capture)).equals(bytes)).toBe(true)
  })

  it('can be written big-endian with nanoseconds', () => {
    const view = new DataView(writePcap(capture, { bigEndian: true, nanoseconds: true }).buffer)
    expect(view.getUint32(0)).toBe(0xa1b23c4d)
    expect(view.getUint32(20)).toBe(1)
    expect(BigInt(view.getUint32(28))).toBe(capture.packets[0]!.time % 1_000_000_000n)
  })

  it('can be written as pcapng, whose block lengths lead to its end', () => {
    const pcapng = writePcapng(capture)
    const view = new DataView(pcapng.buffer)
    let blocks = 0
    let at = 0
    for (; at < pcapng.length; at += view.getUint32(at + 4, true)) blocks++
    expect(at).toBe(pcapng.length)
    expect(blocks).toBe(2 + capture.packets.length)
  })
})

describe('a derived capture', () => {
  it('is cut at the snap length and keeps the original length', () => {
    const packets = snap(capture, 96).packets
    expect(Math.max(...packets.map(({ data }) => data.length))).toBe(96)
    expect(packets.map(({ originalLength }) => originalLength)).toEqual(
      capture.packets.map((packet) => packet.originalLength),
    )
  })

  it('holds one direction only', () => {
    const packets = fromAddress(capture, CLIENT).packets
    expect(packets.length).toBeGreaterThan(5)
    expect(new Set(packets.map(({ data }) => sourceOf(data)))).toEqual(new Set([CLIENT]))
  })

  it('splits without losing or repeating a packet', () => {
    const [first = [], second = []] = [...deriveAll(bytes, { client: CLIENT, other: capture, server: capture })]
      .filter(([{ name }]) => name === 'split-in-two')
      .flatMap(([, files]) => files.map((file) => [...readPcap(file).packets]))
    expect([...first, ...second]).toEqual(capture.packets)
  })

  it('misses the same packets for the same seed', () => {
    const lost = lose(capture, 0.3, 5)
    expect(lost.packets.length).toBeLessThan(capture.packets.length)
    expect(lose(capture, 0.3, 5)).toEqual(lost)
  })

  it('holds every packet twice', () => {
    expect(duplicate(capture).packets.length).toBe(2 * capture.packets.length)
  })

  it('begins or ends inside the session', () => {
    expect(span(capture, 0.5, 1).packets.at(-1)).toBe(capture.packets.at(-1))
    expect(span(capture, 0, 0.5).packets[0]).toBe(capture.packets[0])
  })

  it('keeps the network packet behind a cooked header and a VLAN tag', () => {
    const plain = capture.packets[3]!.data
    expect(cook(capture).packets[3]!.data.subarray(16)).toEqual(plain.subarray(14))
    expect(tag(capture, 42).packets[3]!.data.subarray(18)).toEqual(plain.subarray(14))
  })

  it('is in order of time after merging', () => {
    const merged = merge(capture, unrelated(capture, 50, 1)).packets
    expect(merged.length).toBe(capture.packets.length + 50)
    expect(merged.every(({ time }, index) => index === 0 || merged[index - 1]!.time <= time)).toBe(true)
  })
})
