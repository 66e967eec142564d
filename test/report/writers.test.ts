/**
 * What the writers of all formats have in common: sessions as they end, then the analysis, give the same as a finished
 * analysis.
 */
import { describe, expect, it } from 'vitest'
import type { SessionReport } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS, type ReportOptions } from '../../src/report/format.js'
import { FORMATS, FORMAT_NAMES, type FormatName } from '../../src/report/formats.js'
import { analysis, failingSession, session } from './fixtures.js'

const TEMPLATE = '<html><template id="ftpscope-slot"></template></html>'
const ASSETS = { page: () => Promise.resolve(TEMPLATE), utf8: new TextEncoder() }

/**
 * Sessions with the ids assigned at their start, in the order in which they end; by their first frames they are 1, 2
 * and 3.
 */
const ENDED: readonly SessionReport[] = [
  session({ id: 20, firstFrame: 9, user: 'bob' }),
  failingSession({ id: 30, firstFrame: 2 }),
  session({ id: 10, firstFrame: 40, user: 'carol' }),
]
const IN_ORDER = [ENDED[1]!, ENDED[0]!, ENDED[2]!].map((each, at) => ({ ...each, id: at + 1 }))

const toText = (pieces: Iterable<string | Uint8Array>): string =>
  Buffer.concat([...pieces].map((piece) => Buffer.from(piece as Uint8Array))).toString()

/** The report of sessions that were given as they ended: what is written by then, the rest, and the writer. */
async function streamed(name: FormatName, options: Partial<ReportOptions> = {}) {
  const writer = (await FORMATS[name](ASSETS))({ ...DEFAULT_OPTIONS, ...options })
  const early = ENDED.map((each) => writer.session(each)).join('')
  const rest = toText(writer.end({ ...analysis(IN_ORDER), sessions: [] }))
  return { writer, early, rest }
}

async function finished(name: FormatName, sessions: SessionReport[]): Promise<string> {
  const writer = (await FORMATS[name](ASSETS))(DEFAULT_OPTIONS)
  return toText(writer.end({ ...analysis(IN_ORDER), sessions }))
}

const STREAMS = new Set<FormatName>(['ndjson', 'csv'])

describe.each(FORMAT_NAMES)('the writer of %s', (name) => {
  const streams = STREAMS.has(name)

  it('comes to the report of the finished analysis', async () => {
    const { early, rest } = await streamed(name)
    expect(early + rest).toBe(await finished(name, streams ? [...ENDED] : IN_ORDER))
  })

  it('writes sessions at once exactly when it keeps nothing of them', async () => {
    const { writer, early } = await streamed(name)
    expect(writer.keeps === 'nothing').toBe(streams)
    expect(early !== '').toBe(streams)
  })

  it('says under which ids it shows them', async () => {
    const { writer } = await streamed(name)
    expect(ENDED.map(({ id }) => writer.idOf(id))).toEqual(streams ? [20, 30, 10] : [2, 1, 3])
  })

  it('asks by those ids, once for each session, whether it belongs in the report', async () => {
    const asked: number[] = []
    const takes = ({ id }: SessionReport): boolean => {
      asked.push(id)
      return id === 2 || id === 20
    }
    const { early, rest } = await streamed(name, { chosen: new Set([2, 20]), takes })
    expect(asked).toEqual(streams ? [20, 30, 10] : [1, 2, 3])
    expect(early + rest).toContain('bob')
    expect(early + rest).not.toContain('carol')
  })
})

describe('the writer of csv', () => {
  it('writes its header before the first session, or at the end when there is none', async () => {
    const { early, rest } = await streamed('csv')
    expect(early).toMatch(/^session,/)
    expect(rest).toBe('')
    expect(await finished('csv', [])).toMatch(/^session,[a-z_,]+\r\n$/)
  })
})
