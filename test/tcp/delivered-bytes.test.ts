import { describe, expect, it } from 'vitest'
import { DeliveredBytes } from '../../src/tcp/delivered-bytes.js'

/** Bytes that differ from their neighbours at any distance of a power of two. */
function bytesOf(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((offset + i) * 37 + ((offset + i) >> 6)) & 0xff)
}

function filled(length: number, step = length): DeliveredBytes {
  const delivered = new DeliveredBytes()
  for (let at = 0; at < length; at += step) {
    const bytes = bytesOf(at, Math.min(step, length - at))
    delivered.add(bytes, 0, bytes.length)
  }
  return delivered
}

describe('DeliveredBytes', () => {
  it.each([1, 7, 64, 65, 300, 4096])('agrees with what was delivered %i bytes at a time', (step) => {
    const delivered = filled(4096, step)
    expect(delivered.conflict(0, bytesOf(0, 4096), 0, 4096)).toBe(-1)
    expect(delivered.conflict(1000, bytesOf(990, 200), 10, 150)).toBe(-1)
  })

  it('finds the first byte that differs', () => {
    const again = bytesOf(100, 50)
    again[20]! ^= 1
    again[30]! ^= 1
    expect(filled(500, 33).conflict(100, again, 0, 50)).toBe(120)
    expect(filled(500, 33).conflict(100, again, 0, 20)).toBe(-1)
  })

  it('forgets what is older than 4096 bytes, and no more', () => {
    const delivered = filled(10_000, 100)
    const other = bytesOf(0, 10_000).map((byte) => byte ^ 1)
    expect(delivered.conflict(0, other, 0, 10_000 - 4096)).toBe(-1)
    expect(delivered.conflict(0, other, 0, 10_000 - 4095)).toBe(10_000 - 4096)
  })

  it('cannot compare what lies before a gap', () => {
    const delivered = filled(200)
    delivered.skipTo(300)
    const bytes = bytesOf(300, 10)
    delivered.add(bytes, 0, 10)
    expect(delivered.conflict(150, new Uint8Array(160), 0, 150)).toBe(-1)
    expect(delivered.conflict(300, new Uint8Array(10), 0, 10)).toBe(300)
  })

  it('takes over the memory of one that is over without its bytes', () => {
    filled(1024).release()
    const next = new DeliveredBytes()
    const zeros = new Uint8Array(100)
    next.add(zeros, 0, 100)
    expect(next.conflict(0, zeros, 0, 100)).toBe(-1)
    next.release()
    next.add(bytesOf(100, 10), 0, 10)
    expect(next.conflict(0, bytesOf(0, 110), 0, 110), 'nothing before its release is known').toBe(-1)
    expect(next.conflict(100, zeros, 0, 10)).toBeGreaterThanOrEqual(100)
  })
})
