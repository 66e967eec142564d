import { describe, expect, it } from 'vitest'
import { examplesOfCauses } from '../../src/web/model/printed-sessions.js'
import { failingSession, session } from '../report/fixtures.js'

function failed(id: number, cause: string) {
  return failingSession({ id, verdict: { ...failingSession().verdict, cause } })
}

describe('Sessions that are printed below the table', () => {
  it('are one of each cause, that of most sessions first', () => {
    const sessions = [
      failed(1, 'a'),
      session({ id: 2 }),
      failed(3, 'b'),
      failed(4, 'b'),
      failed(5, 'a'),
      failed(6, 'b'),
    ]
    expect(examplesOfCauses(sessions).map(({ id }) => id)).toEqual([3, 1])
  })

  it('are none if all worked', () => {
    expect(examplesOfCauses([session(), session({ id: 2 })])).toEqual([])
  })

  it('are few, however many causes there are', () => {
    expect(examplesOfCauses(Array.from({ length: 50 }, (_, id) => failed(id + 1, `cause-${id}`)))).toHaveLength(10)
  })
})
