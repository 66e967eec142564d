import { describe, expect, it } from 'vitest'
import type { FrameChange } from '../../../src/capture/write/packet-block.js'
import { ALL, copied } from '../../slice/copies.js'
import { frameBytes, join, pcap, Pcapng, text } from '../build.js'
import { read } from '../read.js'

const DATA = frameBytes(61, 1)

function changed(file: Uint8Array, change: FrameChange) {
  const unwritten: number[] = []
  const rules = { ...ALL, frame: () => change, unwritten: (frame: number) => void unwritten.push(frame) }
  return { ...read([copied(rules, [file])]), unwritten }
}

describe.each([true, false])('a packet block, little-endian: %s', (little) => {
  const ng = new Pcapng(little)
  const start = join(ng.section(), ng.nic())
  const comment = (value: string) => [1, text(value)] as const

  it('gets comments after those that it has, and keeps its other options', () => {
    const flags = [2, Uint8Array.of(1, 2, 3, 4)] as const
    const file = join(start, ng.packet(5n, DATA, { options: [comment('theirs'), flags] }))
    const { files, frames, unwritten } = changed(file, { comments: ['ours', 'größer'] })
    expect(files[0]!.comments.map(({ text }) => text)).toEqual(['theirs', 'ours', 'größer'])
    expect([frames, unwritten]).toEqual([read([file]).frames, []])
    const rules = { ...ALL, frame: () => ({ comments: ['ours'] }) }
    const options = [comment('theirs'), flags, comment('ours')]
    expect(copied(rules, [file])).toEqual(join(start, ng.packet(5n, DATA, { options })))
  })

  it('gets a comment where it has no options, also as an obsolete block or of a pcap file', () => {
    for (const file of [
      join(start, ng.packet(5n, DATA)),
      join(start, ng.obsoletePacket(5n, DATA)),
      pcap([{ seconds: 1, fraction: 2, data: DATA }], { little }),
    ]) {
      const { files, frames } = changed(file, { comments: ['ours'] })
      expect(files[0]!.comments).toEqual([{ frame: 1, text: 'ours' }])
      expect(frames).toEqual(read([file]).frames)
    }
  })

  it('cuts a comment that is longer than an option between characters', () => {
    const { files } = changed(join(start, ng.packet(5n, DATA)), { comments: ['ö'.repeat(40_000)] })
    expect(files[0]!.comments[0]!.text).toBe('ö'.repeat(32_767))
  })

  it('stays as it is where it cannot have a comment: a simple block, or malformed options', () => {
    const malformed = ng.packet(5n, join(DATA, frameBytes(3), Uint8Array.of(0x77, 0x77, 0xff, 0xff)), { captured: 61 })
    for (const block of [ng.simplePacket(DATA), malformed]) {
      const { frames, unwritten } = changed(join(start, block), { comments: ['ours'] })
      expect(unwritten).toEqual([1])
      expect(frames).toEqual(read([join(start, block)]).frames)
    }
  })

  it('loses its content from an offset on, with its length on the wire kept', () => {
    const options = [comment('theirs')]
    for (const file of [
      join(start, ng.packet(5n, DATA, { options })),
      pcap([{ seconds: 1, fraction: 2, data: DATA }], { little }),
    ]) {
      const { frames } = changed(file, { contentFrom: 10 })
      expect(frames).toMatchObject([{ data: [...DATA.subarray(0, 10)], wireLength: 61 }])
    }
  })

  it('has zeros instead where its length must stay', () => {
    const zeroed = [...DATA.subarray(0, 10), ...new Uint8Array(51)]
    for (const [block, change] of [
      [ng.packet(5n, DATA), { contentFrom: 10, zeros: true }],
      [ng.packet(5n, DATA), { contentFrom: 10, zeros: true, comments: ['ours'] }],
      [ng.simplePacket(DATA), { contentFrom: 10 }],
    ] as const)
      expect(changed(join(start, block), change).frames).toMatchObject([{ data: zeroed, wireLength: 61 }])
    const file = pcap([{ seconds: 1, fraction: 2, data: DATA }], { little })
    expect(changed(file, { contentFrom: 10, zeros: true }).frames).toMatchObject([{ data: zeroed }])
  })
})
