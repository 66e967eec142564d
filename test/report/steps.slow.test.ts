import { describe, expect, it } from 'vitest'
import { Steps } from '../hostile/steps.js'

// Before the code is loaded: V8 does not count inside functions that it compiled earlier.
const steps = new Steps()
const { DEFAULT_OPTIONS } = await import('../../src/report/format.js')
const { FORMATS, FORMAT_NAMES } = await import('../../src/report/formats.js')
const { pageTemplate } = await import('../../src/report/page/template.js')
const { hideSecrets } = await import('../../src/ftp/secrets/hide-secrets.js')
const { hear, script } = await import('../ftp/talk.js')
const { analysis, failingSession } = await import('./fixtures.js')

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
      const guesses = Array.from(
        { length: number },
        (_, at) => `C: PASS guess-${at}\nS: 530 Login incorrect. guess-${at}`,
      )
      const { dialogue } = hear(script(guesses.join('\n')))
      hideSecrets(dialogue, false)
      expect(JSON.stringify(dialogue.exchanges)).not.toContain('guess')
    }
    expect(await growth(redact, 1000)).toBeLessThan(MOST_GROWTH)
  })

  it('letters of passwords and replies that consist of one letter', async () => {
    const redact = (number: number) => {
      const letters = 'a'.repeat(number)
      const { dialogue } = hear(script(`C: PASS ${letters}\nS: 530 ${letters}${letters}`))
      hideSecrets(dialogue, false)
      expect(dialogue.exchanges[0]!.replies[0]!.text).toBe('***')
    }
    expect(await growth(redact, 1000)).toBeLessThan(MOST_GROWTH)
  })
})
