import { describe, expect, it } from 'vitest'
import { SharedMemory } from '../../src/bytes/shared-memory.js'
import type { Chunk } from '../../src/tcp/assembler.js'
import { PayloadReader } from '../../src/tcp/payload-reader.js'
import { Packet } from '../../src/wire/packet.js'

const MIB = 1 << 20

/** What a reader hands on. */
class Sink {
  isDone = false
  readonly log: string[] = []

  bytes(direction: 0 | 1, { bytes, start, end, offset }: Chunk): void {
    this.log.push(`${direction} ${offset} ${new TextDecoder().decode(bytes.subarray(start, end)).slice(0, 8)}`)
  }

  gap(direction: 0 | 1, length: number): void {
    this.log.push(`${direction} gap ${length}`)
  }
}

function packetOf(text: string, frame = 1, time = 0, length = text.length): Packet {
  const packet = new Packet()
  packet.bytes = new TextEncoder().encode(text)
  packet.payloadStart = 0
  packet.payloadEnd = text.length
  packet.payloadLength = length
  packet.frame = frame
  packet.time = time
  return packet
}

describe('the payload of a counted connection', () => {
  it('is in order, each direction by itself, and each byte once', () => {
    const sink = new Sink()
    const reader = new PayloadReader(sink, new SharedMemory(MIB))
    reader.add(0, packetOf('abc'), 0, -1)
    reader.add(1, packetOf('xyz'), 0, -1)
    reader.add(0, packetOf('ghi'), 6, -1)
    reader.add(0, packetOf('cdef'), 2, -1)
    expect(sink.log).toEqual(['0 0 abc', '1 0 xyz', '0 3 def', '0 6 ghi'])
  })

  it('goes on after what was acknowledged and stays absent', () => {
    const sink = new Sink()
    const shared = new SharedMemory(MIB)
    const reader = new PayloadReader(sink, shared)
    reader.add(0, packetOf('abc'), 5, -1)
    for (let frame = 2; frame < 80; frame++) reader.add(0, packetOf('x', frame), 6 + frame, 8)
    expect(sink.log.slice(0, 2)).toEqual(['0 gap 5', '0 5 abc'])
    reader.finish([100, 0], 80, 0)
    expect(shared.used).toBe(0)
  })

  it('waits no longer than a second for it', () => {
    const sink = new Sink()
    const reader = new PayloadReader(sink, new SharedMemory(MIB))
    reader.add(0, packetOf('abc'), 5, 8)
    reader.add(0, packetOf('def', 2, 2e9), 8, 8)
    expect(sink.log).toEqual(['0 gap 5', '0 5 abc', '0 8 def'])
  })

  it('goes on after the rest of a segment that the capture has cut', () => {
    const sink = new Sink()
    const reader = new PayloadReader(sink, new SharedMemory(MIB))
    reader.add(0, packetOf('abc', 1, 0, 10), 0, -1)
    reader.add(0, packetOf('def'), 10, -1)
    expect(sink.log).toEqual(['0 0 abc', '0 gap 7', '0 10 def'])
  })

  it('gives up what waits where there is no room for it', () => {
    const sink = new Sink()
    const shared = new SharedMemory(600)
    const reader = new PayloadReader(sink, shared)
    reader.add(0, packetOf('abc'), 5, -1)
    reader.add(0, packetOf('def'), 20, -1)
    reader.add(0, packetOf('ghi'), 40, -1)
    expect(sink.log).toEqual(['0 gap 5', '0 5 abc', '0 gap 12', '0 20 def', '0 gap 17', '0 40 ghi'])
    expect(shared).toMatchObject({ used: 0, refused: 1 })
  })

  it('ends with what is missing, and holds nothing then', () => {
    const sink = new Sink()
    const shared = new SharedMemory(MIB)
    const reader = new PayloadReader(sink, shared)
    reader.add(1, packetOf('abc'), 3, -1)
    reader.finish([0, 10], 9, 0)
    expect(sink.log).toEqual(['1 gap 3', '1 3 abc', '1 gap 4'])
    expect(shared.used).toBe(0)
  })

  it('is left alone when its sink is done', () => {
    const sink = new Sink()
    const shared = new SharedMemory(MIB)
    const reader = new PayloadReader(sink, shared)
    reader.add(0, packetOf('abc'), 3, -1)
    sink.isDone = true
    reader.add(0, packetOf('xyz'), 0, -1)
    reader.finish([10, 0], 9, 0)
    expect(sink.log).toEqual([])
    expect(shared.used).toBe(0)
  })
})
