import { describe, expect, it } from 'vitest'
import { Packet } from '../../src/wire/packet.js'
import { mayHaveSack, SackBlocks, sackBlocks } from '../../src/wire/sack.js'

const NOP = 1
const TIMESTAMPS = [NOP, NOP, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** A segment with these options, of which `captured` bytes are in the capture. */
function segment(options: readonly number[], captured = options.length): Packet {
  const packet = new Packet()
  packet.bytes = Uint8Array.from([...new Array<number>(20).fill(0), ...options])
  packet.payloadStart = packet.payloadEnd = 20 + captured
  return packet
}

function blocksOf(options: readonly number[], captured?: number): [number, number][] {
  const blocks = new SackBlocks()
  blocks.count = 3
  sackBlocks(segment(options, captured), blocks)
  return Array.from({ length: blocks.count }, (_, i) => [blocks.left[i]!, blocks.right[i]!])
}

const ONE = [NOP, NOP, 5, 10, ...u32(0xffff_fff0), ...u32(0x20)]
const TWO = [5, 18, ...u32(100), ...u32(200), ...u32(300), ...u32(400)]

describe('the SACK option', () => {
  it('gives its blocks in their order, as sequence numbers of 32 bits', () => {
    expect(blocksOf(ONE)).toEqual([[0xffff_fff0, 0x20]])
    expect(blocksOf([...TIMESTAMPS, NOP, NOP, ...TWO])).toEqual([
      [100, 200],
      [300, 400],
    ])
  })

  it('is absent from a segment without options, with timestamps only, or with a list that ends before it', () => {
    for (const options of [[], TIMESTAMPS, [0, ...ONE]]) expect(blocksOf(options)).toEqual([])
  })

  it('that was cut by the snap length, or has a wrong length, gives what is whole', () => {
    expect(blocksOf(TWO, 12)).toEqual([])
    expect(blocksOf([5, 14, ...u32(100), ...u32(200), 0, 0, 0, 0])).toEqual([[100, 200]])
    for (const length of [0, 1, 40]) expect(blocksOf([5, length, ...u32(1), ...u32(2)])).toEqual([])
    expect(blocksOf([5])).toEqual([])
  })

  it('is only looked for where there are more options than timestamps', () => {
    expect(mayHaveSack(segment([]))).toBe(false)
    expect(mayHaveSack(segment(TIMESTAMPS))).toBe(false)
    expect(mayHaveSack(segment(ONE))).toBe(true)
    expect(mayHaveSack(segment([...TIMESTAMPS, ...ONE]))).toBe(true)
  })
})
