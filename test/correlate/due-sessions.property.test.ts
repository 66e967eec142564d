import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DueSessions } from '../../src/correlate/due-sessions.js'
import { cases, check } from '../property/check.js'

interface Session {
  id: number
}

it('gives sessions in the order of their latest times, and none that was taken back', () => {
  const sessions = Array.from({ length: 20 }, (_, id) => ({ id }))
  const step = fc.record({ id: fc.nat(19), at: fc.option(fc.nat(50), { freq: 3 }) })
  check(
    fc.property(fc.array(step, { maxLength: 400 }), fc.nat(60), (steps, now) => {
      const due = new DueSessions<Session>()
      const expected = new Map<Session, number>()
      for (const { id, at } of steps) {
        const session = sessions[id]!
        if (at === null) {
          due.remove(session)
          expected.delete(session)
        } else {
          due.set(session, at)
          expected.set(session, at)
        }
      }
      const taken: Session[] = []
      for (let session = due.take(now); session; session = due.take(now)) taken.push(session)
      const times = taken.map((session) => expected.get(session)!)
      expect(times).toEqual([...expected.values()].filter((at) => at <= now).sort((a, b) => a - b))
      expect(new Set(taken).size).toBe(taken.length)
    }),
    cases(100, 3000),
  )
})
