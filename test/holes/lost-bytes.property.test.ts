/** Where bytes were lost, as far as the receiver's acknowledgments show it: on random losses of three kinds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lostBytes } from '../../src/diagnose/facts/lost-bytes.js'
import type { Connection, Flow } from '../../src/tcp/connection.js'
import { cases, check } from '../property/check.js'
import { type Fate, type Outcome, sendLossy } from '../support/lossy-path.js'
import { Scene } from '../support/scene.js'
import { trackOne } from '../tcp/track.js'

const SEGMENTS = 120
const SIZE = 1000
/** Holes of which the places are kept; of more the bytes are counted. */
const KEPT = 8

interface Path {
  rtt: number
  capturedAt: 'client' | 'server' | 'middle'
  sack: boolean
  timestamps: boolean
}

interface Played {
  connection: Connection
  flow: Flow
  outcome: Outcome
}

const path = fc.record<Path>({
  rtt: fc.constantFrom(2, 20, 80, 300),
  capturedAt: fc.constantFrom('client', 'server', 'middle'),
  sack: fc.boolean(),
  timestamps: fc.boolean(),
})
/** Segments that are lost the first time, apart from the last ones, whose loss nothing reports. */
const some = fc.uniqueArray(fc.integer({ min: 0, max: SEGMENTS - 20 }), { minLength: 1, maxLength: KEPT })

function play({ rtt, capturedAt, sack, timestamps }: Path, fate: (segment: number, attempt: number) => Fate): Played {
  const scene = new Scene()
  const options = { sackPermitted: sack, timestamps }
  const client = scene.host('192.168.1.10', options)
  const server = scene.host('203.0.113.20', { ...options, hopLimit: 57 })
  const connection = scene.connect(client, 50_000, server, 21, { rtt, capturedAt })
  const payloads = Array.from({ length: SEGMENTS }, (_, index) => new Uint8Array(SIZE).fill(index))
  const outcome = sendLossy(scene, connection, { payloads, sack, fate })
  const tracked = trackOne(scene.toPcap()).connection
  return { connection: tracked, flow: tracked.flows[1], outcome }
}

const first =
  (segments: readonly number[], fate: Fate) =>
  (segment: number, attempt: number): Fate =>
    attempt === 0 && segments.includes(segment) ? fate : null

/** Segments of which the capture lacks the bytes, by what is said of them. */
interface Tally {
  right: number
  unknown: number
}

/** Throws where what the capture alone lost is taken for lost on the path, or what never arrived for its own loss. */
function judge({ connection, outcome }: Played, tally: Tally): void {
  for (const { start, bytes, kind } of lostBytes(connection, 1)) {
    for (let offset = start; offset < start + bytes; offset += SIZE - (offset % SIZE)) {
      const segment = Math.floor(offset / SIZE)
      const [received, lost] = [outcome.received[segment]!, outcome.lost[segment]! > 0]
      expect(outcome.captured[segment]).toBe(false)
      if (kind === 'unknown') tally.unknown++
      // Lost on the path at first, and by the capture when it was sent again: both are true.
      else if (received && lost) tally.right++
      else if (received === (kind === 'lost-by-capture')) tally.right++
      else throw new Error(`segment ${segment}, received: ${received}, is said to be ${kind}`)
    }
  }
}

function expectRight({ right, unknown }: Tally): void {
  expect(right).toBeGreaterThan(0)
  expect(right / (right + unknown)).toBeGreaterThanOrEqual(0.95)
}

describe('Segments that are lost', () => {
  it('by the capture only: nobody asks for them, and nothing is sent again', () => {
    const tally = { right: 0, unknown: 0 }
    check(
      fc.property(path, some, (of, segments) => {
        const played = play(of, first(segments, 'capture'))
        expect(played.flow).toMatchObject({ retransmissions: 0, lostBefore: 0, lostBehind: 0, duplicateAcks: 0 })
        expect(lostBytes(played.connection, 1).reduce((sum, { bytes }) => sum + bytes, 0)).toBe(segments.length * SIZE)
        judge(played, tally)
      }),
      cases(60, 1000),
    )
    expectRight(tally)
  })

  it('before the observation point: the receiver asks, and what is sent again was not captured before', () => {
    check(
      fc.property(path, some, (of, segments) => {
        const { flow, connection } = play(of, first(segments, 'before'))
        expect(lostBytes(connection, 1)).toEqual([])
        expect(flow.lostBehind).toBe(0)
        // One of several may be the last that was in flight: then it is not captured as one that is sent again.
        expect(flow.lostBefore + flow.outOfOrder).toBeGreaterThan(0)
        expect(flow.lostBefore + flow.outOfOrder).toBeLessThanOrEqual(segments.length)
        expect(flow.duplicateAcks).toBeGreaterThan(0)
      }),
      cases(60, 1000),
    )
  })

  it('after the observation point: what is sent again was captured before', () => {
    check(
      fc.property(path, some, (of, segments) => {
        const { flow, connection } = play(of, first(segments, 'after'))
        expect(lostBytes(connection, 1)).toEqual([])
        expect(flow).toMatchObject({ lostBefore: 0, lostBehind: segments.length, receivedTwice: 0 })
        expect(flow.duplicateAcks).toBeGreaterThan(0)
      }),
      cases(60, 1000),
    )
  })

  it('on the path for good: the receiver never gets them', () => {
    const tally = { right: 0, unknown: 0 }
    check(
      fc.property(path, fc.integer({ min: 0, max: SEGMENTS - 20 }), (of, segment) => {
        judge(
          play(of, (each) => (each === segment ? 'before' : null)),
          tally,
        )
      }),
      cases(60, 1000),
    )
    expectRight(tally)
  })

  it('in all these ways at once: what is said of the rest is never the opposite', () => {
    const tally = { right: 0, unknown: 0 }
    const fates = fc.dictionary(
      fc.nat(SEGMENTS - 20).map(String),
      fc.array(fc.constantFrom<Fate>('before', 'after', 'capture'), { minLength: 1, maxLength: 3 }),
      { maxKeys: KEPT },
    )
    check(
      fc.property(path, fates, (of, byLot) => {
        judge(
          play(of, (segment, attempt) => byLot[segment]?.[attempt] ?? null),
          tally,
        )
      }),
      cases(150, 3000),
    )
    expectRight(tally)
  })
})
