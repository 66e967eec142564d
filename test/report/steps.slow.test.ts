import { describe, expect, it } from 'vitest'
import { Steps } from '../hostile/steps.js'

// Before the code is loaded: V8 does not count inside functions that it compiled earlier.
const steps = new Steps()
const { DEFAULT_OPTIONS } = await import('../../src/report/format.js')
const { FORMATS, FORMAT_NAMES } = await import('../../src/report/formats.js')
const { pageTemplate } = await import('../../src/report/page/template.js')
const { redactionOf } = await import('../../src/report/describe/redaction.js')
const { analysis, exchange, failingSession, reply } = await import('./fixtures.js')

const page = pageTemplate({ policy: '', style: '', script: '', worker: '', licences: '' })

/** Factor by which the steps of `task` grow for four times the number. */
async function growth(task: (number: number) => unknown, number: number): Promise<number> {
  const taken: number[] = []
  for (const each of [number, 4 * number]) {
    steps.take()
    await task(each)
    taken.push(steps.take())
  }
  expect(taken[0]).toBeGreaterThan(number)
  return taken[1]! / taken[0]!
}

/**
 * Four times the input may take four times the steps, and slightly more for what grows up to a cap; quadratic would
 * take sixteen.
 */
const MOST_GROWTH = 5

describe('A report takes steps in proportion to the number of', () => {
  it.each(FORMAT_NAMES)('sessions, as %s', async (name) => {
    const format = await FORMATS[name]({ page: () => Promise.resolve(page), utf8: new TextEncoder() })
    const write = (number: number) => {
      const sessions = Array.from({ length: number }, (_, at) => failingSession({ id: at + 1 }))
      let length = 0
      const writer = format({ ...DEFAULT_OPTIONS, all: true })
      for (const each of sessions) length += writer.session(each).length
      for (const piece of writer.end({ ...analysis(sessions), sessions: [] })) length += piece.length
      expect(length).toBeGreaterThan(number)
    }
    write(10)
    expect(await growth(write, 300)).toBeLessThan(MOST_GROWTH)
  })

  it('passwords that a client guesses, which no report shows', async () => {
    const redact = (number: number) => {
      const exchanges = Array.from({ length: number }, (_, at) =>
        exchange(at + 1, 'PASS', `guess-${at}`, reply(at + 1, 530, 'Login incorrect. '.repeat(4))),
      )
      const { argument, reply: shown } = redactionOf({ exchanges, user: null })
      for (const each of exchanges) {
        expect(argument(each)).toBe('***')
        for (const { text } of each.replies) shown(each, text)
      }
    }
    // More than the number of passwords that all replies are searched for.
    expect(await growth(redact, 1000)).toBeLessThan(MOST_GROWTH)
  })
})
