/** Two runs of the same job: which sessions belong together, and what became of them. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { diffAnalyses } from '../../src/report/diff/diff-analyses.js'
import { diffMarkdown } from '../../src/report/diff/markdown.js'
import { diffText } from '../../src/report/diff/text.js'
import { readAnalysis } from '../../src/report/json/read-analysis.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { jsonReport } from '../../src/report/json/json.js'
import { ndjsonReport } from '../../src/report/json/ndjson.js'
import { plainStyle } from '../../src/report/style.js'
import { markdownText } from './markdown-text.js'
import {
  analysis,
  channel,
  exchange,
  failingSession,
  finding,
  HOSTILE,
  hostileSession,
  reply,
  session,
} from './fixtures.js'
import { twoPlaces } from './path-fixtures.js'

const schema = JSON.parse(readFileSync(new URL('../../src/report/diff-schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv({ strict: true, strictRequired: true, allErrors: true, allowUnionTypes: true }).compile(schema)

const text = (before: Analysis, after: Analysis, width = 100, all = false): string =>
  [...diffText(diffAnalyses(before, after), { width, style: plainStyle, all })].join('\n')
const markdown = (before: Analysis, after: Analysis): string =>
  [...diffMarkdown(diffAnalyses(before, after), { all: false })].join('\n')

/** A session that fetched a file, each in its turn. */
function fetching(id: number, path: string, part: Partial<SessionReport> = {}): SessionReport {
  const { exchanges } = session()
  return session({
    id,
    firstFrame: id,
    exchanges: [...exchanges.slice(0, 3), exchange(15, 'RETR', path, reply(16, 226, 'done')), ...exchanges.slice(3)],
    dataChannels: [channel({ transfer: { ...channel().transfer!, path } })],
    ...part,
  })
}

const idsOf = (before: SessionReport[], after: SessionReport[]): (number | null)[][] =>
  diffAnalyses(analysis(before), analysis(after)).sessions.map((each) => [
    each.before?.id ?? null,
    each.after?.id ?? null,
  ])

describe('sessions of two runs', () => {
  it('are pairs by what they did, whatever their order', () => {
    const before = [fetching(1, 'a.csv'), fetching(2, 'b.csv'), fetching(3, 'c.csv')]
    const after = [fetching(1, 'c.csv'), fetching(2, 'a.csv'), fetching(3, 'b.csv')]
    expect(idsOf(before, after)).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ])
  })

  it('are pairs in their order where they did the same', () => {
    const same = [1, 2, 3].map((id) => fetching(id, 'a.csv'))
    expect(idsOf(same, same.slice(0, 2))).toEqual([
      [1, 1],
      [2, 2],
      [3, null],
    ])
  })

  it('are pairs although files are named after the day', () => {
    const before = [fetching(1, 'sales-20260301.csv'), fetching(2, 'stock-20260301.csv')]
    const after = [fetching(1, 'stock-20260302.csv'), fetching(2, 'sales-20260302.csv')]
    expect(idsOf(before, after)).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  it('are pairs although server or client have another address', () => {
    const moved = fetching(1, 'a.csv', { server: { address: '192.0.2.99', port: 2121 } })
    expect(idsOf([fetching(1, 'a.csv'), fetching(2, 'b.csv')], [moved, fetching(2, 'b.csv')])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('are pairs if one never got as far as the login', () => {
    const refused = session({ user: null, login: 'none', exchanges: [], dataChannels: [] })
    const [pair] = diffAnalyses(analysis([refused]), analysis([session()])).sessions
    expect(pair).toMatchObject({ before: { id: 1 }, after: { id: 1 }, matchedBy: ['client', 'server'] })
  })

  it('are no pair if only the kind of job is the same', () => {
    const other = session({
      ...{ user: 'zoe', client: { address: '10.9.9.9', port: 1 }, server: { address: '10.8.8.8', port: 21 } },
      ...{ exchanges: [], dataChannels: [] },
    })
    expect(idsOf([session()], [other])).toEqual([
      [1, null],
      [null, 1],
    ])
  })

  it('that several places saw are one', () => {
    const report = diffAnalyses(twoPlaces(), twoPlaces())
    expect(report.sessions.map(({ before, after }) => [before?.id, after?.id])).toEqual([
      [1, 1],
      [3, 3],
    ])
  })

  it('each have at most one counterpart, and none is left out', () => {
    const sessions = fc.array(
      fc.record({ user: fc.constantFrom('a', 'b', null), path: fc.constantFrom('x', 'y1', 'y2'), far: fc.boolean() }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(sessions, sessions, (old, fresh) => {
        const make = (list: typeof old): SessionReport[] =>
          list.map(({ user, path, far }, at) =>
            fetching(at + 1, path, { user, ...(far ? { client: { address: '10.7.7.7', port: 9 } } : {}) }),
          )
        const pairs = idsOf(make(old), make(fresh))
        const ids = (side: 0 | 1): number[] => pairs.flatMap((pair) => pair[side] ?? []).sort((a, b) => a - b)
        expect(ids(0)).toEqual(old.map((_, at) => at + 1))
        expect(ids(1)).toEqual(fresh.map((_, at) => at + 1))
        // Who did the same twice, is the same.
        if (JSON.stringify(old) === JSON.stringify(fresh)) expect(pairs.every(([a, b]) => a === b)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('are matched quickly in their thousands', () => {
    const many = Array.from({ length: 5000 }, (_, at) => fetching(at + 1, `f${at % 7}`))
    const report = diffAnalyses(
      analysis(many),
      analysis(many.toReversed().map((each, at) => ({ ...each, id: at + 1 }))),
    )
    expect(report.summary).toMatchObject({ same: 5000, gone: 0, new: 0 })
  })
})

describe('what became of a session', () => {
  it.each<[string, SessionReport, SessionReport, string, boolean]>([
    ['better', failingSession(), session(), 'better', false],
    ['worse', session(), failingSession(), 'worse', true],
    ['the same', session(), session(), 'same', false],
    [
      'worse, if more transfers failed with the same outcome',
      failingSession(),
      failingSession({ transfers: { attempted: 2, completed: 0, failed: 2 } }),
      'worse',
      true,
    ],
    [
      'unclear, if a run cannot be judged',
      session(),
      session({ verdict: { ...session().verdict, outcome: 'undetermined' } }),
      'unclear',
      false,
    ],
  ])('is %s', (_what, before, after, change, isWorse) => {
    const { sessions, summary } = diffAnalyses(analysis([before]), analysis([after]))
    expect(sessions[0]!.change).toBe(change)
    expect(summary.isWorse).toBe(isWorse)
  })

  it('is worse if it is gone, or if a failed one came', () => {
    expect(diffAnalyses(analysis([session()]), analysis([])).summary).toMatchObject({ gone: 1, isWorse: true })
    expect(diffAnalyses(analysis([]), analysis([failingSession()])).summary).toMatchObject({ new: 1, isWorse: true })
    expect(diffAnalyses(analysis([]), analysis([session()])).summary).toMatchObject({ new: 1, isWorse: false })
  })

  it('has the findings that went, came and stayed, of each session and of all', () => {
    const after = session({
      findings: [
        finding({ id: 'cleartext-credentials', severity: 'warning' }),
        finding({ id: 'packet-loss', severity: 'info' }),
      ],
    })
    const report = diffAnalyses(analysis([failingSession(), failingSession({ id: 2 })]), analysis([after]))
    expect(report.sessions[0]!.findings).toMatchObject({
      went: [{ id: 'passive-private-address', severity: 'error' }],
      came: [{ id: 'packet-loss' }],
      stayed: [{ id: 'cleartext-credentials' }],
    })
    expect(report.findings).toMatchObject([
      { id: 'passive-private-address', change: 'went', before: 2, after: 0 },
      { id: 'packet-loss', change: 'came', before: 0, after: 1 },
      { id: 'cleartext-credentials', change: 'stayed', before: 2, after: 1 },
    ])
  })

  it('has times of login, first byte, duration and rate, and each transfer', () => {
    const report = diffAnalyses(analysis([failingSession()]), analysis([session({ durationMs: 500 })]))
    const [pair] = report.sessions
    expect(pair!.before!.times).toEqual({ loginMs: 700, firstByteMs: 1.5, durationMs: 2900, bytesPerSecond: null })
    expect(pair!.after!.times).toEqual({ loginMs: 700, firstByteMs: 1.5, durationMs: 500, bytesPerSecond: 327_680 })
    expect(pair!.transfers).toMatchObject([
      { command: 'LIST', before: { outcome: 'failed' }, after: null },
      { command: 'RETR', path: 'report.pdf', before: null, after: { outcome: 'completed', bytes: 4096 } },
    ])
  })

  it('fits the schema', () => {
    for (const [before, after] of [
      [analysis([failingSession(), session({ id: 2 })]), analysis([session()])],
      [analysis([]), analysis([hostileSession()])],
      [twoPlaces(), twoPlaces()],
    ] as const) {
      validate(diffAnalyses(before, after))
      expect(validate.errors ?? []).toEqual([])
    }
  })
})

describe('reports of two runs', () => {
  const before = (): Analysis =>
    analysis([failingSession(), fetching(2, 'b.csv', { user: 'bob' }), fetching(3, 'c.csv', { user: 'eve' })])
  const after = (): Analysis =>
    analysis([
      session({ durationMs: 700 }),
      fetching(2, 'b.csv', { user: 'bob', durationMs: 9000 }),
      failingSession({
        id: 3,
        user: 'mallory',
        client: { address: '10.6.6.6', port: 6 },
        server: { address: '10.6.6.7', port: 21 },
      }),
    ])

  it.each([80, 120])('are as expected as text in %i columns', async (width) => {
    const report = text(before(), after(), width)
    await expect(report).toMatchFileSnapshot(`snapshots/diff-${width}.txt`)
    expect(report.split('\n').filter((line) => stringWidth(line) > width)).toEqual([])
  })

  it('are as expected as Markdown', async () => {
    await expect(markdown(before(), after())).toMatchFileSnapshot('snapshots/diff.md')
  })

  it('list a bounded number of sessions, and all on request', () => {
    const many = (make: typeof session): Analysis =>
      analysis(Array.from({ length: 300 }, (_, at) => make({ id: at + 1, user: `u${at}` })))
    const report = text(many(session), many(failingSession))
    expect(report).toContain('200 more sessions: --all lists them')
    expect(report.match(/^\d+ {2}worse/gm)).toHaveLength(20)
    expect(text(many(session), many(failingSession), 100, true).match(/^\d+ {2}worse/gm)).toHaveLength(300)
  })

  it.each([HOSTILE, '<script>alert(1)</script> @all #1 | `x` [a](javascript:b)', 'x'.repeat(100_000)])(
    'are inert whatever came from the wire: %j',
    (name) => {
      const hostile = analysis([hostileSession(name)])
      hostile.capture.files[0]!.path = name
      for (const report of [text(hostile, analysis([session()])), text(analysis([session()]), hostile)]) {
        expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(report).not.toMatch(/^ *200 forged/m)
        expect(report.length).toBeLessThan(100_000)
      }
      const { text: prose } = markdownText(markdown(hostile, hostile))
      expect(prose.replaceAll('&#124;', '')).not.toMatch(/[<>@`\\[\]]|[#!]\d/)
    },
  )
})

describe('an earlier analysis', () => {
  it('is read from json and ndjson', () => {
    const value = twoPlaces()
    const written = (format: typeof ndjsonReport): string => {
      const decoder = new TextDecoder()
      return [...format(DEFAULT_OPTIONS).end(value)]
        .map((each) => (typeof each === 'string' ? each : decoder.decode(each)))
        .join('')
    }
    expect(readAnalysis(written(jsonReport(new TextEncoder())))).toEqual(value)
    const lines = readAnalysis(written(ndjsonReport))
    expect({ ...lines, sessions: lines.sessions.toSorted((a, b) => a.id - b.id) }).toEqual(value)
  })

  it.each([
    ['{', /^is not JSON: /],
    ['{"schema":"ftpscope-compare/1"}', /^is JSON, but not an analysis of ftpscope: "schema" is not "ftpscope\/1"$/],
    ['{"type":"session"}\n', /^is JSON, but not an analysis/],
    ['{"schema":"ftpscope/1"}', /^is a damaged analysis: "capture" is missing or malformed$/],
    [JSON.stringify({ ...analysis([]), sessions: [{}] }), /"sessions" is missing or malformed/],
    [JSON.stringify({ ...analysis([]), sessions: [{ ...session(), verdict: { outcome: 'fine' } }] }), /"sessions"/],
    [JSON.stringify({ ...analysis([]), paths: 3 }), /"paths"/],
  ])('%s is refused with a sentence', (value, message) => {
    expect(() => readAnalysis(value)).toThrow(message)
  })
})
