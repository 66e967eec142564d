import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brotliBlocks } from '../../src/cli/output/brotli-blocks.js'
import { DEFAULT_OPTIONS, type ReportFormat } from '../../src/report/format.js'
import { jsonReport } from '../../src/report/json/json.js'
import { ndjsonReport } from '../../src/report/json/ndjson.js'
import type { Analysis } from '../../src/report/contract.js'
import { analysis, failingSession, hostileSession, session } from './fixtures.js'

const json = jsonReport(new TextEncoder())
const written = (format: ReportFormat, value: Analysis): string => textOf(format(DEFAULT_OPTIONS).end(value))

const many = (count: number) => Array.from({ length: count }, () => session())

function textOf(pieces: Iterable<string | Uint8Array>): string {
  return Buffer.concat([...pieces].map((piece) => Buffer.from(piece as Uint8Array))).toString()
}

/** Characters that a terminal interprets, except line breaks of the layout. */
// eslint-disable-next-line no-control-regex -- it looks for control characters
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

describe('json', () => {
  it('is the analysis, indented by two spaces except for the sessions, each of which takes one line', () => {
    const value = analysis([failingSession(), session({ id: 2 })])
    const text = written(json, value)
    expect(JSON.parse(text)).toEqual(value)
    expect(text.endsWith('\n}\n')).toBe(true)
    const lines = value.sessions.map((each) => `    ${JSON.stringify(each)}`)
    const rest = JSON.stringify({ ...value, sessions: [] }, null, 2)
    expect(text).toBe(rest.replace('"sessions": []', () => `"sessions": [\n${lines.join(',\n')}\n  ]`) + '\n')
  })

  it('writes an analysis without sessions with an empty list', () => {
    const value = analysis([])
    expect(written(json, value)).toBe(JSON.stringify(value, null, 2) + '\n')
  })

  it('contains hostile text unchanged, but no character that a terminal interprets', () => {
    const value = analysis([hostileSession()])
    const text = written(json, value)
    expect(text).not.toMatch(OBEYED)
    expect(JSON.parse(text)).toEqual(value)
  })

  it('returns any user name unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (user) => {
        const value = analysis([session({ user })])
        expect(JSON.parse(written(json, value))).toEqual(value)
      }),
    )
  })

  it('is the same text if sessions were added as they ended, in any order, and not kept', () => {
    const order = fc.shuffledSubarray([hostileSession(), failingSession(), ...many(30)], { minLength: 0 })
    fc.assert(
      fc.property(order, (sessions) => {
        const added = sessions.map((each, index) => ({ ...each, id: 100 + index, firstFrame: index * 2 }))
        const byFrame = added.toSorted((a, b) => a.firstFrame - b.firstFrame)
        const value = analysis(byFrame.map((each, index) => ({ ...each, id: index + 1 })))
        for (const options of [DEFAULT_OPTIONS, { ...DEFAULT_OPTIONS, chosen: new Set<number>() }]) {
          const writer = json(options)
          for (const each of added.toReversed()) expect(writer.session(each)).toBe('')
          expect(added.map(({ id }) => writer.idOf(id))).toEqual(byFrame.map((_, index) => index + 1))
          expect(textOf(writer.end({ ...value, sessions: [] }))).toBe(written(json, value))
        }
      }),
      { numRuns: 20 },
    )
  })

  it('accepts sessions that are larger than its blocks', () => {
    const long = session({ id: 1, user: 'é'.repeat(1 << 20) })
    const writer = json(DEFAULT_OPTIONS)
    for (const id of [1, 2, 3]) writer.session(session({ id, ...(id === 2 && { user: long.user }) }))
    const value = analysis([session({ id: 1 }), session({ id: 2, user: long.user }), session({ id: 3 })])
    expect(textOf(writer.end({ ...value, sessions: [] }))).toBe(written(json, value))
  })

  it('is the same text from compressed blocks, in whatever order the sessions ended', () => {
    const sessions = many(400).map((each, index) => ({ ...each, firstFrame: index + 1, id: index + 1 }))
    const value = analysis(sessions)
    for (const ended of [sessions, sessions.toReversed(), sessions.toSorted((a, b) => (a.id % 20) - (b.id % 20))]) {
      const writer = jsonReport(new TextEncoder(), brotliBlocks)(DEFAULT_OPTIONS)
      for (const each of ended) writer.session(each)
      expect(textOf(writer.end({ ...value, sessions: [] }))).toBe(written(json, value))
    }
  })

  it('is written in pieces, none larger than a session', () => {
    const pieces = [...json(DEFAULT_OPTIONS).end(analysis(many(50)))]
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(2 * JSON.stringify(session(), null, 2).length)
  })
})

describe('ndjson', () => {
  it('has a session per line and the rest of the analysis in the last line', () => {
    const value = analysis([failingSession(), hostileSession()])
    const lines = written(ndjsonReport, value).trimEnd().split('\n')
    const { sessions, ...rest } = value
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      ...sessions.map((each) => ({ type: 'session', ...each })),
      { type: 'capture', ...rest },
    ])
  })

  it('writes a session as it ends in the same way as one of a finished analysis', () => {
    const each = hostileSession()
    const writer = ndjsonReport(DEFAULT_OPTIONS)
    const line = writer.session(each)
    expect(line).not.toMatch(OBEYED)
    expect(line + textOf(writer.end(analysis([])))).toBe(written(ndjsonReport, { ...analysis([]), sessions: [each] }))
  })
})
