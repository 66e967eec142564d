import { describe, expect, it } from 'vitest'
import { ExpectationTable } from '../../src/correlate/expectations.js'
import type { Expectation } from '../../src/correlate/fit.js'
import type { Announcement } from '../../src/ftp/model.js'

const CLIENT = 1
const SERVER = 2
const OTHER = 3
const ENDS = { initiator: CLIENT, initiatorPort: 52_230, responder: OTHER, responderPort: 50_005 }

function expected(address: number, port = 50_005): Expectation {
  return { announcement: {} as Announcement, address, port, listener: SERVER, initiator: CLIENT, answers: [] }
}

describe('ExpectationTable', () => {
  it('finds an announcement by its port until that is removed', () => {
    const table = new ExpectationTable()
    const wanted = expected(OTHER)
    table.add(expected(OTHER, 50_006))
    expect(table.match(ENDS)).toBeNull()
    table.add(wanted)
    expect(table.match(ENDS)).toBe(wanted)
    table.remove(wanted)
    expect(table.match(ENDS)).toBeNull()
    expect(table.empty).toBe(false)
  })

  it('compares the latest 64 when a port is announced again and again', () => {
    const table = new ExpectationTable()
    const first = expected(OTHER)
    table.add(first)
    for (let i = 0; i < 63; i++) table.add(expected(SERVER))
    expect(table.match(ENDS)).toBe(first)
    table.add(expected(SERVER))
    expect(table.match(ENDS)).not.toBe(first)
    table.remove(first)
    expect(table.empty).toBe(false)
  })
})
