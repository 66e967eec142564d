import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CausalOrder } from '../../src/tcp/causal-order.js'
import { Direction } from '../../src/tcp/connection.js'
import { check } from '../property/check.js'

interface Step {
  direction: Direction
  offset: number
  length: number
  acknowledged: number
}

class Bench {
  readonly delivered: string[] = []
  readonly bytes: [number[], number[]] = [[], []]
  readonly order: CausalOrder
  /** Offsets handed on, by direction, each time something was. */
  readonly #handed: [number, number] = [0, 0]
  #frame = 0
  /** The claim is checked until a cap or the end lets things through unexplained. */
  checkCausality = true

  constructor() {
    this.order = new CausalOrder({
      data: (direction, chunk) => {
        expect(chunk.offset).toBe(this.#handed[direction])
        if (this.checkCausality) expect(chunk.acknowledged).toBeLessThanOrEqual(this.#handed[1 - direction]!)
        this.#handed[direction] += chunk.end - chunk.start
        for (let i = chunk.start; i < chunk.end; i++) this.bytes[direction].push(chunk.bytes[i]!)
        this.delivered.push(`${direction}:${String.fromCharCode(...chunk.bytes.subarray(chunk.start, chunk.end))}`)
      },
      gap: (direction, length) => {
        this.#handed[direction] += length
        this.delivered.push(`${direction}:(${length} missing)`)
      },
    })
  }

  say(direction: Direction, text: string, offset: number, acknowledged: number): void {
    this.chunk(direction, new TextEncoder().encode(text), offset, acknowledged)
  }

  chunk(direction: Direction, bytes: Uint8Array, offset: number, acknowledged: number): void {
    // In a buffer that is overwritten afterwards, as packets come.
    const scratch = Uint8Array.of(0xee, ...bytes, 0xee)
    const frame = ++this.#frame
    this.order.bytes(direction, {
      bytes: scratch,
      start: 1,
      end: 1 + bytes.length,
      offset,
      frame,
      time: frame,
      acknowledged,
    })
    scratch.fill(0xee)
  }
}

const { FromInitiator: FromClient, FromResponder: FromServer } = Direction

describe('CausalOrder', () => {
  it('puts a reply after the command that it acknowledges, though it was captured first', () => {
    const bench = new Bench()
    bench.say(FromServer, '220', 0, 0)
    bench.say(FromServer, '331', 3, 4)
    bench.say(FromClient, 'USER', 0, 3)
    expect(bench.delivered).toEqual(['1:220', '0:USER', '1:331'])
    expect(bench.order.waiting).toBe(false)
  })

  it('keeps the order of frames where neither side knew of the other', () => {
    const bench = new Bench()
    bench.say(FromClient, 'NOOP', 0, 0)
    bench.say(FromServer, '421', 0, 0)
    bench.say(FromClient, 'QUIT', 4, 0)
    expect(bench.delivered).toEqual(['0:NOOP', '1:421', '0:QUIT'])
  })

  it('lets a gap stand for the command that was not captured', () => {
    const bench = new Bench()
    bench.say(FromServer, '200', 0, 6)
    expect(bench.delivered).toEqual([])
    bench.order.gap(FromClient, 6, 2, 2)
    expect(bench.delivered).toEqual(['0:(6 missing)', '1:200'])
  })

  it('delivers everything at the end, in the order of frames, though nothing explains it', () => {
    const bench = new Bench()
    bench.checkCausality = false
    bench.say(FromServer, '200', 0, 100)
    bench.say(FromClient, 'NOOP', 0, 50)
    bench.say(FromServer, '226', 3, 100)
    bench.order.flush()
    expect(bench.delivered).toEqual(['1:200', '0:NOOP', '1:226'])
  })

  it('does not pile up what a capture of one direction never explains', () => {
    const bench = new Bench()
    bench.checkCausality = false
    for (let i = 0; i < 2000; i++) {
      bench.say(FromServer, 'x', i, 1_000_000)
      expect(i + 1 - bench.delivered.length).toBeLessThanOrEqual(256)
    }
  })

  it('neither loses, doubles nor reorders a byte, and no segment comes before what it acknowledges', () => {
    const turn = fc.record({ direction: fc.constantFrom<Direction>(0, 1), length: fc.integer({ min: 1, max: 20 }) })
    const script = fc.array(fc.record({ turn, heard: fc.boolean(), delay: fc.nat(30) }), { maxLength: 60 })
    check(
      fc.property(script, (turns) => {
        const sent: [number, number] = [0, 0]
        const heard: [number, number] = [0, 0]
        const steps: (Step & { at: number })[] = []
        const lastAt: [number, number] = [0, 0]
        turns.forEach(({ turn: { direction, length }, heard: hears, delay }, i) => {
          // Before it speaks, a side may have received all that the other one has sent.
          if (hears) heard[direction] = sent[1 - direction]!
          // Each direction stays in order, as the assembler gives it; the two may be captured late against each other.
          lastAt[direction] = Math.max(lastAt[direction], i + delay)
          steps.push({
            direction,
            offset: sent[direction],
            length,
            acknowledged: heard[direction],
            at: lastAt[direction],
          })
          sent[direction] += length
        })
        const bench = new Bench()
        for (const { direction, offset, length, acknowledged } of steps.toSorted((a, b) => a.at - b.at)) {
          bench.chunk(
            direction,
            Uint8Array.from({ length }, (_, i) => (offset + i) & 0xff),
            offset,
            acknowledged,
          )
        }
        expect(bench.order.waiting).toBe(false)
        for (const direction of [FromClient, FromServer]) {
          expect(bench.bytes[direction]).toEqual(Array.from({ length: sent[direction] }, (_, i) => i & 0xff))
        }
      }),
    )
  })
})
