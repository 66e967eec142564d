import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import stringWidth from 'string-width'
import { DEFAULT_OPTIONS, type ReportOptions } from '../../src/report/format.js'
import { textReport } from '../../src/report/text/report.js'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import type { Style } from '../../src/report/style.js'
import { analysis, exchange, failingSession, finding, HOSTILE, hostileSession, reply, session } from './fixtures.js'

const written = (value: Analysis, options: Partial<ReportOptions> = {}): string =>
  [...textReport({ ...DEFAULT_OPTIONS, ...options }).end(value)].join('')

const ticket = (): Analysis =>
  analysis([
    failingSession(),
    session({ id: 2, tcpStream: 2, user: 'bob', client: { address: '10.1.0.2', port: 52230 } }),
  ])

const ids = (length: number, make: (id: number) => SessionReport): SessionReport[] =>
  Array.from({ length }, (_, at) => make(at + 1))

describe('text', () => {
  it.each([80, 100, 140])('reports a failing and a healthy session in %i columns', async (width) => {
    await expect(written(ticket(), { width })).toMatchFileSnapshot(`snapshots/ticket-${width}.txt`)
  })

  it('shows dialogue and data connections of a requested session', async () => {
    const chosen = analysis([failingSession()])
    await expect(written(chosen, { chosen: new Set([1]) })).toMatchFileSnapshot('snapshots/chosen.txt')
  })

  it.each([60, 80, 100, 140])('keeps to %i columns, with long IPv6 addresses and wide characters too', (width) => {
    const long = '2001:db8:1234:5678:9abc:def0:1234:5678'
    const value = analysis([
      failingSession({
        client: { address: long, port: 65535 },
        server: { address: long, port: 21 },
        user: '文字'.repeat(20),
      }),
      hostileSession(),
      session({
        id: 99_999,
        client: { address: long, port: 65535 },
        verdict: { ...session().verdict, outcome: 'undetermined' },
      }),
    ])
    const tooLong = written(value, { width })
      .split('\n')
      .filter((line) => stringWidth(line) > width && !line.includes('tshark -r '))
    expect(tooLong).toEqual([])
  })

  it('breaks no address in the table while the cause has room', () => {
    const row = written(ticket(), { width: 80 })
    expect(row).toContain('10.1.0.2:52228')
    expect(row).toContain('203.0.113.20:21')
  })

  it('says so if there are no sessions', () => {
    expect(written(analysis([]))).toContain('No FTP sessions found.\n')
  })

  it('lists each of several files, and their total', () => {
    const value = ticket()
    const [file] = value.capture.files
    value.capture.files = [
      file!,
      { ...file!, path: 'second.pcap.gz', linkTypes: [113, 4711], complete: false, snapLength: 96 },
    ]
    const report = written(value)
    expect(report).toContain('ticket-4711.pcapng   1,284 frames in 12.4 s   Ethernet\n')
    expect(report).toContain(
      'second.pcap.gz   1,284 frames in 12.4 s   Linux cooked, link type 4711   snap length 96 bytes',
    )
    expect(report).toContain('incomplete file')
    expect(report).toContain('2 files in total   1,284 frames in 12.4 s')
  })

  it('names standard input', () => {
    const value = ticket()
    value.capture.files[0]!.path = '-'
    expect(written(value)).toMatch(/^standard input {3}1,284 frames/)
  })

  it('shows a second error of a session with its own evidence, and less severe findings once for all sessions', () => {
    const failing = failingSession()
    failing.findings.push(
      finding({
        id: 'control-reset',
        message: 'The server reset the control connection.',
        evidence: [{ frame: 77, note: 'RST' }],
      }),
    )
    const value = analysis([failing, failingSession({ id: 2 })])
    value.summary.credentialsExposed = []
    const report = written(value)
    expect(report).toContain(
      'also     The server reset the control connection.\n   change   change it\n   proof    #77  RST\n',
    )
    expect(report.match(/Password sent in clear text/g)).toHaveLength(1)
    expect(report).toContain('Password sent in clear text: sessions 1, 2, first #7 (cleartext-credentials)')
  })

  it('names the user whose password can be read, instead of the finding', () => {
    const report = written(ticket(), { width: 140 })
    expect(report).toContain(
      '\nPasswords in clear text: alice at 203.0.113.20:21: accepted, 2 sessions, first in frame 1 (',
    )
    expect(report).not.toContain('Password sent in clear text:')
  })

  it('counts further users in the same line, and lists all if asked to', () => {
    const value = ticket()
    value.summary.credentialsExposed.push({ ...value.summary.credentialsExposed[0]!, user: 'bob' })
    expect(written(value, { width: 160 })).toContain('first in frame 1 and 1 more user; --all lists them (')
    const all = written(value, { all: true })
    expect(all).toContain(
      '\n alice at 203.0.113.20:21: accepted, 2 sessions, first in frame 1\n bob at 203.0.113.20:21:',
    )
  })

  it('says which capture would confirm an uncertain verdict', () => {
    const verdict = { ...failingSession().verdict, settledBy: 'Capture at the server at the same time' }
    expect(written(analysis([failingSession({ verdict })]))).toContain(
      '\n   confirm  To be sure: Capture at the server at the same time\n',
    )
  })

  it('shows findings and anomalies of the capture', () => {
    const value = ticket()
    value.findings.push(
      finding({
        id: 'capture-filter-suspected',
        severity: 'warning',
        message: 'Only port 21 was captured.',
        remedy: ['capture all ports'],
      }),
    )
    value.capture.anomalies.push({ kind: 'x', count: 3, firstFrame: 12, message: 'IPv4 header truncated' })
    const report = written(value)
    expect(report).toContain(
      ' warning  Only port 21 was captured.\n proof    #1  as seen here\n change   capture all ports\n',
    )
    expect(report).toContain('ftpscope explain capture-filter-suspected')
    expect(report).toContain(' note     IPv4 header truncated (3 times, first in #12)\n')
  })

  it('shortens long evidence and says how much was omitted', () => {
    const evidence = Array.from({ length: 30 }, (_, at) => ({ frame: at + 1, note: `SYN ${at + 1}` }))
    const failing = failingSession({ findings: [finding({ id: 'passive-private-address', evidence })] })
    expect(written(analysis([failing]))).toMatch(/#8 +SYN 8\n +… +and 22 more in the JSON report/)
  })

  it('marks parts only with the style that it is given', () => {
    const tag =
      (name: string) =>
      (part: string): string =>
        `<${name}>${part}</${name}>`
    const style: Style = {
      failed: tag('failed'),
      degraded: tag('degraded'),
      ok: tag('ok'),
      undetermined: tag('undetermined'),
      heading: tag('heading'),
      faint: tag('faint'),
    }
    const report = written(ticket(), { style })
    expect(report).toContain('<failed>✗ FAILED</failed>')
    expect(report).toContain('<ok>✓ ok</ok>')
    expect(report.replaceAll(/<\/?[a-z]+>/g, '')).toContain('1  ✗ FAILED  (high confidence) The server told')
  })
})

describe('text with hostile input', () => {
  it('prints no control character and nothing that changes the direction of text', () => {
    const value = analysis([hostileSession()], { findings: hostileSession().findings })
    value.capture.files[0]!.path = HOSTILE
    value.capture.anomalies.push({ kind: 'x', count: 1, firstFrame: null, message: HOSTILE })
    const report = written(value, { chosen: new Set([3]) })
    // eslint-disable-next-line no-control-regex -- it looks for control characters
    expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
    expect(report).toContain('\\x1b[2J')
    expect(report).not.toMatch(/^ *200 forged/m)
  })

  it('prints a safe line whatever the user name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (user) => {
        // eslint-disable-next-line no-control-regex -- it looks for control characters
        expect(written(analysis([session({ user })]))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      }),
      { numRuns: 40 },
    )
  })

  it('truncates a reply of megabytes', () => {
    const value = analysis([session({ exchanges: [exchange(1, null, null, reply(1, 220, 'x'.repeat(5_000_000)))] })])
    expect(written(value, { chosen: new Set([1]) }).length).toBeLessThan(10_000)
  })
})

describe('text with many sessions', () => {
  const detailedIds = (report: string): number[] =>
    [...report.matchAll(/^(\d+) {2}✗ FAILED {2}/gm)].map(([, id]) => Number(id))

  it('lists those that are not ok in the table and says how many are not listed', () => {
    const sessions = ids(10_000, (id) => (id % 1000 === 0 ? failingSession({ id }) : session({ id })))
    const report = written(analysis(sessions))
    expect(report).toContain('10,000 sessions: ✗ 10 FAILED  ✓ 9,990 ok; transfers completed: 9,990 of 10,000')
    expect(report).toContain('9,990 more sessions not listed\n')
    expect(detailedIds(report)).toHaveLength(10)
  })

  it('begins with the causes, and shows one failure of each in full', () => {
    const other = (id: number): SessionReport =>
      failingSession({ id, verdict: { ...failingSession().verdict, cause: 'cleartext-credentials' } })
    const value = analysis(ids(1000, (id) => (id % 2 === 0 ? other(id) : failingSession({ id }))))
    value.summary.causes = [
      {
        cause: 'passive-private-address',
        title: 'Server announces a private address',
        outcome: 'failed',
        count: 500,
        sessions: [1, 3, 5, 7, 9, 11, 13],
        clients: 12,
        servers: 1,
        client: null,
        server: { address: '203.0.113.20', port: 21 },
        sentence: '500 of 1,000 sessions',
      },
    ]
    const report = written(value)
    expect(report).toContain('Causes\n 500 ✗ FAILED  Server announces a private address: 12 clients to ')
    expect(report.indexOf('Causes')).toBeLessThan(report.indexOf('transfers  cause'))
    expect(detailedIds(report)).toEqual([1, 2])
    expect(report).toContain('998 more sessions not ok\n')
    expect(report.split('\n').length).toBeLessThan(300)
  })

  it('shows all of them on request', () => {
    const report = written(analysis(ids(150, (id) => failingSession({ id }))), { all: true })
    expect(detailedIds(report)).toHaveLength(150)
    expect(report.match(/^ +\d+ {2}10\.1\.0\.2:52228/gm)).toHaveLength(150)
    expect(report).not.toContain('not listed')
  })

  it('gives the same advice once, and draws the ladder only for the first failure of a cause', () => {
    const report = written(analysis(ids(3, (id) => failingSession({ id }))))
    expect(report.match(/pasv_address=203\.0\.113\.20/g)).toHaveLength(1)
    expect(report.match(/change {3}as for session 1/g)).toHaveLength(2)
    expect(report.match(/── control/g)).toHaveLength(1)
  })

  it('writes any number of sessions in pieces, none longer than a line', () => {
    let longest = 0
    let length = 0
    for (const piece of textReport({ ...DEFAULT_OPTIONS, all: true }).end(
      analysis(ids(1000, (id) => session({ id }))),
    )) {
      longest = Math.max(longest, piece.length)
      length += piece.length
    }
    expect(longest).toBeLessThan(500)
    expect(length).toBeGreaterThan(50_000)
  })
})
