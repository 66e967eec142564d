import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockBounds, firstAt, secondAt } from '../../src/paths/clock/clock-bounds.js'
import { cases, check } from '../property/check.js'

const MILLISECOND = 1e6

describe('ClockBounds', () => {
  it('finds offset and drift within the uncertainty that it states, and bounds them by causality', () => {
    const delays = fc.array(fc.double({ min: 0.1, max: 40, noNaN: true }), { minLength: 4, maxLength: 60 })
    check(
      fc.property(
        ...[delays, delays, fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -100, max: 100 })],
        fc.integer({ min: 1, max: 3600 }),
        (forth, back, offsetMs, ppm, seconds) => {
          const bounds = new ClockBounds()
          const second = (time: number): number => (time + offsetMs * MILLISECOND) * (1 + ppm * 1e-6)
          const add = (list: readonly number[], way: 'forward' | 'backward'): void => {
            list.forEach((delay, at) => {
              const sent = (at / list.length) * seconds * 1e9
              const [here, there] =
                way === 'forward' ? [sent, sent + delay * MILLISECOND] : [sent + delay * MILLISECOND, sent]
              bounds[way](here, second(there))
            })
          }
          add(forth, 'forward')
          add(back, 'backward')
          const relation = bounds.relation()!
          expect(relation.consistent).toBe(true)
          const middle = relation.at - relation.ahead / 2
          const error = Math.abs(secondAt(relation, middle) - second(middle))
          expect(firstAt(relation, secondAt(relation, middle))).toBeCloseTo(middle, -1)
          expect(error).toBeLessThanOrEqual(relation.uncertainty! + 1000)
        },
      ),
      cases(60, 2000),
    )
  })

  it('has half the shortest round trip as uncertainty where the clocks are steady', () => {
    const bounds = new ClockBounds()
    for (let at = 0; at < 10; at++) {
      bounds.forward(at * 1e9, at * 1e9 + 3 * MILLISECOND)
      bounds.backward(at * 1e9 + 5 * MILLISECOND, at * 1e9)
    }
    const { ahead, uncertainty, drift } = bounds.relation()!
    expect([ahead, drift]).toEqual([-1 * MILLISECOND, 0])
    expect(uncertainty! / MILLISECOND).toBeCloseTo(4, 0)
  })

  it('gives a bound only if all packets went one way, and nothing without packets', () => {
    const bounds = new ClockBounds()
    expect(bounds.relation()).toBeNull()
    bounds.forward(0, 7)
    bounds.forward(10, 19)
    expect(bounds.relation()).toMatchObject({ ahead: 7, uncertainty: null, forward: 2, backward: 0 })
  })

  it('says that a clock was set if no steady clocks explain the packets', () => {
    const bounds = new ClockBounds()
    for (let at = 0; at < 10; at++) {
      const jump = at < 5 ? 0 : 1e9
      bounds.forward(at * 1e9, at * 1e9 + jump + 1000)
      bounds.backward(at * 1e9 + 1000, at * 1e9 + jump)
    }
    expect(bounds.relation()).toMatchObject({ consistent: false })
  })
})
