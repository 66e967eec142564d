import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../../../src/report/format.js'
import { timeZone, UTC } from '../../../src/report/time-zone.js'
import { topCsv } from '../../../src/report/top/csv.js'
import { topJson } from '../../../src/report/top/json.js'
import { topText } from '../../../src/report/top/text.js'
import { percentiles, topOf } from '../../../src/report/top/totals.js'
import { ftpscope } from '../../cli/support.js'
import { ROOT } from '../../support/captures.js'
import { analysis, channel, failingSession, session } from '../fixtures.js'

const several = () =>
  analysis([
    failingSession(),
    session({ id: 2, user: 'bob', dataChannels: [channel()] }),
    session({ id: 3, user: 'bob', start: '2026-03-01T23:30:00Z', dataChannels: [channel(), channel({ id: 2 })] }),
    session({ id: 4, user: null, login: 'none', dataChannels: [], client: { address: '10.1.0.3', port: 1 } }),
  ])

describe('totals', () => {
  it('are of each server, client, user and day, the most sessions first', () => {
    const { total, groups } = topOf(several(), UTC)
    expect(total).toMatchObject({ sessions: 4, outcomes: { ok: 3, failed: 1 }, bytes: 3 * 4096 })
    expect(groups.server.map(({ key, sessions }) => [key, sessions])).toEqual([['203.0.113.20:21', 4]])
    expect(groups.client.map(({ key, sessions }) => [key, sessions])).toEqual([
      ['10.1.0.2', 3],
      ['10.1.0.3', 1],
    ])
    expect(groups.user.map(({ key, sessions, bytes }) => [key, sessions, bytes])).toEqual([
      ['bob', 2, 3 * 4096],
      ['alice', 1, 0],
      [null, 1, 0],
    ])
    expect(groups.day.map(({ key, sessions }) => [key, sessions])).toEqual([['2026-03-01', 4]])
    expect(topOf(several(), timeZone('Europe/Berlin')).groups.day.map(({ key }) => key)).toEqual([
      '2026-03-01',
      '2026-03-02',
    ])
  })

  it('have the median and the 95th percentile of times and rates', () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1)
    expect(percentiles([...values, null])).toEqual({ count: 100, median: 50, p95: 95 })
    expect(percentiles([7])).toEqual({ count: 1, median: 7, p95: 7 })
    expect(percentiles([null])).toEqual({ count: 0, median: null, p95: null })
    const { total } = topOf(several(), UTC)
    expect(total.loginMs).toEqual({ count: 3, median: 700, p95: 700 })
    expect(total.firstByteMs).toMatchObject({ count: 4, median: 1.5 })
    expect(total.bytesPerSecond.median).toBe(327_680)
  })

  it.each([80, 120, 200])('fit a terminal of %d columns', (width) => {
    const lines = [...topText(topOf(several(), UTC), { ...DEFAULT_OPTIONS, width })]
    expect(lines.filter((line) => line.length > width)).toEqual([])
    expect(lines.join('\n')).toContain('203.0.113.20:21')
    expect(lines.join('\n')).toContain('(none)')
  })

  it('are rows of CSV, and JSON as its schema describes it', () => {
    const report = topOf(several(), UTC)
    const rows = [...topCsv(report)]
    expect(rows).toHaveLength(2 + 1 + 2 + 3 + 1)
    expect(rows[1]).toMatch(/^total,,4,3,0,1,0,/)
    const schema = JSON.parse(readFileSync(join(ROOT, 'src/report/top-schema.json'), 'utf8')) as object
    const validate = new Ajv({ strict: false }).compile(schema)
    const json: unknown = JSON.parse([...topJson(report)].join(''))
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...(json as object), total: {} })).toBe(false)
  })

  it('are what ftpscope top prints', async () => {
    const text = await ftpscope(['top', 'a.pcap'], { analysis: several() })
    expect([text.status, text.err]).toEqual([0, ''])
    expect(text.out).toContain('4 sessions in total')
    const csv = await ftpscope(['top', 'a.pcap', '--format', 'csv'], { analysis: several() })
    expect(csv.out.split('\r\n')).toHaveLength(10)
    expect((await ftpscope(['top', 'a.pcap', '--format', 'html'])).status).toBe(2)
    expect((await ftpscope(['top'])).status).toBe(2)
  })
})
