import { describe, expect, it } from 'vitest'
import { flooded, Talk } from '../fuzz/flood.js'

const PATH = 'x'.repeat(8000)
const SESSIONS = 20

/** Sessions of one client that all stay open, with as many commands each, said in turn. */
function openSessions(commands: number) {
  return flooded((flood) => {
    const talks = Array.from({ length: SESSIONS }, (_, index) => new Talk(flood, 5, 1000 + index).server('220 hi\r\n'))
    for (let i = 0; i < commands; i++) for (const talk of talks) talk.client(`CWD ${PATH}\r\n`).server('250 ok\r\n')
  })
}

describe('Sessions that are open at the same time', () => {
  it('are all kept whole while their dialogues take less than 160 MB', () => {
    const { sessions, beforeEnd, last, anomalies } = openSessions(800)
    expect([sessions, beforeEnd]).toEqual([SESSIONS, 0])
    expect(last!.exchanges).toHaveLength(801)
    expect(anomalies).toEqual([])
  })

  it('are judged before their end beyond it, the oldest first, and that is reported', () => {
    const { sessions, beforeEnd, last, anomalies } = openSessions(1100)
    expect(beforeEnd).toBeGreaterThan(0)
    expect(beforeEnd).toBeLessThan(SESSIONS)
    expect(sessions).toBeGreaterThanOrEqual(SESSIONS)
    expect(anomalies).toContain('session-memory-full')
    expect(last!.exchanges.every(({ command, replies }) => command === null || replies.length === 1)).toBe(true)
  })

  it('count what they hold of a reply that does not end', () => {
    const more = `220-${PATH}\r\n`
    const { sessions, beforeEnd, anomalies } = flooded((flood) => {
      for (let i = 0; i < 3000; i++) {
        const talk = new Talk(flood, 5, 1000 + i)
        for (let line = 0; line < 8; line++) talk.server(more)
      }
    })
    expect(sessions).toBe(3000)
    expect(beforeEnd).toBeGreaterThan(0)
    expect(anomalies).toContain('session-memory-full')
  })
})
