import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis, Outcome } from '../../src/report/contract.js'
import { analysis, channel, finding, session } from '../report/fixtures.js'
import { ROOT } from '../support/captures.js'
import { Collector, DEFAULT_ANALYSIS, ftpscope } from './support.js'

describe('ftpscope CAPTURE', () => {
  it('prints the terminal report and exits with 0', async () => {
    const { status, out, err } = await ftpscope(['a.pcap'])
    expect(out).toContain('1  ✗ FAILED  (high confidence) The server told')
    expect([status, err]).toEqual([0, ''])
  })

  it('accepts the word analyze before the captures', async () => {
    expect((await ftpscope(['analyze', 'a.pcap'])).calls).toEqual(['open a.pcap plain', 'push chunk', 'close'])
    expect((await ftpscope(['--quiet', 'analyze', 'a.pcap'])).calls).toHaveLength(3)
  })

  it('reads several captures, chunk by chunk, in the order of the inputs', async () => {
    const { calls } = await ftpscope(['b.pcap.gz', 'a.pcap'], { files: { 'a.pcap': ['1', '2'], 'b.pcap.gz': ['3'] } })
    expect(calls).toEqual(['open b.pcap.gz gzip', 'push 3', 'close', 'open a.pcap plain', 'push 1', 'push 2', 'close'])
  })

  it('passes its options to the analyzer', async () => {
    const { options } = await ftpscope(
      [
        'a.pcap --host 10.0.0.1 --host 2001:DB8:0:0::1%eth0,10.0.0.2 --port 2100,8021 --port 1-3 --show-secrets',
        '--max-connections 5 --max-sessions 7',
      ].flatMap((options) => options.split(' ')),
    )
    expect(options).toEqual({
      hosts: ['10.0.0.1', '2001:db8::1', '10.0.0.2'],
      ports: [2100, 8021, 1, 2, 3],
      showSecrets: true,
      maxConnections: 5,
      maxSessions: 7,
    })
    expect((await ftpscope(['a.pcap'])).options).toEqual({})
  })

  it('reads the files with secrets', async () => {
    const captures = join(ROOT, 'test/tls/captures')
    const { options } = await ftpscope(['a.pcap', '--keylog', `${captures}/a.txt`, '--keylog', `${captures}/a.txt`])
    const bytes = readFileSync(`${captures}/a.txt`)
    expect(options).toEqual({ keyLog: [bytes, bytes] })
    const pem = await ftpscope(['a.pcap', '--private-key', `${captures}/a.txt`])
    expect(pem.options).toEqual({ privateKeys: [bytes.toString()] })
  })

  it.each(['--keylog', '--private-key'])('ends with one line and status 2 if %s cannot be read', async (option) => {
    const { status, err, out } = await ftpscope(['a.pcap', option, 'no-such-file'])
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^ftpscope: Cannot read the (?:key log|private key) no-such-file: no such file or directory\n$/)
  })

  it('passes the choice of sessions to the analyzer as one expression', async () => {
    const { options } = await ftpscope([
      ...'a.pcap --user alice,bob --file *.csv --min-bytes 10kB --ignore greeting-delayed --tz +01:00'.split(' '),
      ...['--since', '2026-03-01', '--where', 'port = 21 or port = 990', '--outcome', 'failed'],
    ])
    expect(options).toEqual({
      where:
        'user = "alice", "bob" and file = "*.csv" and outcome = "failed" and bytes >= "10kB" and ' +
        'end >= "2026-02-28T23:00:00.000Z" and (port = 21 or port = 990)',
      timeZone: '+01:00',
      ignore: ['greeting-delayed'],
    })
  })

  it('sorts sessions, and shows as many as asked for', async () => {
    const { out } = await ftpscope(['a.pcap', '--format', 'csv', '--sort', '-user', '--limit', '1'])
    expect(out.split('\r\n').map((line) => line.split(',', 1)[0])).toEqual(['session', '2', ''])
  })

  it('shows times in the zone of --tz', async () => {
    const rows = (...options: string[]) => ftpscope(['a.pcap', '--format', 'csv', '--rows', 'transfers', ...options])
    expect((await ftpscope(['a.pcap'])).out).toContain('time     2026-03-01T10:00:00.000250Z, for')
    expect((await ftpscope(['a.pcap', '--tz', 'Europe/Berlin'])).out).toContain('2026-03-01T11:00:00.000250+01:00, for')
    expect((await rows('--tz', '+05:30')).out).toContain('2026-03-01T15:30:00.700250+05:30')
    const { status, err } = await ftpscope(['a.pcap', '--tz', 'Nowhere'])
    expect(status).toBe(2)
    expect(err).toContain('Give UTC, an offset as in +02:00, or a name as in Europe/Berlin.')
  })

  it('shows the files of a single session that is ok, and what to paste', async () => {
    const { out } = await ftpscope(['a.pcap'], { analysis: analysis([session({ dataChannels: [channel()] })]) })
    expect(out).toContain('files    10:00:00  RETR report.pdf: 4.1 kB in 12.5 ms, 328 kB/s')
    expect(out).toContain("check    tshark -r ticket-4711.pcapng -Y 'tcp.stream eq 0'")
  })

  it('does not write a page to a terminal', async () => {
    const stdout = new Collector({ isTTY: true })
    for (const argv of [['page'], ['a.pcap', '--format', 'html']]) {
      const { status, out, err } = await ftpscope(argv, { stdout })
      expect([status, out]).toEqual([2, ''])
      expect(err).toContain('Give a file for the page, as in -o report.html')
    }
  })

  it('writes JSON on request', async () => {
    const { out } = await ftpscope(['--format', 'json', 'a.pcap'])
    expect(JSON.parse(out)).toEqual(DEFAULT_ANALYSIS())
  })

  it('shows a chosen session in full and omits the others', async () => {
    const { out } = await ftpscope(['--session', '2', 'a.pcap'])
    expect(out).toContain('2  ✓ ok  The session worked: login accepted, transfers completed: 1 of 1.')
    expect(out).toContain('> USER alice')
    expect(out).not.toContain('FAILED  The server told')
    const json = await ftpscope(['--session', '2-3', '--format', 'json', 'a.pcap'])
    expect((JSON.parse(json.out) as Analysis).sessions.map(({ id }) => id)).toEqual([2])
    expect([json.status, json.err]).toEqual([0, 'ftpscope: No session 3\n'])
  })

  it('exits with 2 if there is no session with that number', async () => {
    const { status, out, err } = await ftpscope(['--session', '7', 'a.pcap'])
    expect([status, out, err]).toEqual([2, '', 'ftpscope: No session 7: the capture contains 2 sessions\n'])
  })
})

describe('ftpscope --format ndjson', () => {
  const files = { 'a.pcap': ['session 2', 'session 1'] }
  const lines = (out: string): { type: string; id?: number }[] =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; id?: number })

  it('writes each session when it ends, and the capture in the last line', async () => {
    const stdout = new Collector()
    const written: number[] = []
    const { out } = await ftpscope(['--format', 'ndjson', 'a.pcap'], {
      files,
      stdout,
      beforeChunk: () => written.push(stdout.text.split('\n').length - 1),
    })
    expect(lines(out).map(({ type, id }) => [type, id])).toEqual([
      ['session', 2],
      ['session', 1],
      ['capture', undefined],
    ])
    expect(written).toEqual([0, 1])
  })

  it('omits sessions that were not requested', async () => {
    const { out } = await ftpscope(['--format', 'ndjson', '--session', '1', 'a.pcap'], { files })
    expect(lines(out).map(({ type, id }) => [type, id])).toEqual([
      ['session', 1],
      ['capture', undefined],
    ])
  })

  it('counts the findings of sessions that are already written, for --fail-on', async () => {
    expect((await ftpscope(['--format', 'ndjson', '--fail-on', 'error', 'a.pcap'], { files })).status).toBe(1)
  })
})

describe('exit status', () => {
  const warned = analysis([session({ findings: [finding({ id: 'greeting-delayed', severity: 'warning' })] })])
  const informed = analysis([session({ findings: [finding({ id: 'active-source-port', severity: 'info' })] })])
  const wholeCapture = analysis([session()], { findings: [finding({ id: 'capture-loss' })] })

  const outcome = (name: Outcome): Analysis => analysis([session({ verdict: { ...session().verdict, outcome: name } })])

  it.each<[string, Analysis, string[], number]>([
    ['a failed session without --fail-on', DEFAULT_ANALYSIS(), [], 0],
    ['an error at --fail-on error', DEFAULT_ANALYSIS(), ['--fail-on', 'error'], 1],
    ['a warning at --fail-on error', warned, ['--fail-on', 'error'], 0],
    ['a warning at --fail-on warning', warned, ['--fail-on', 'warning'], 1],
    ['an error at --fail-on warning', DEFAULT_ANALYSIS(), ['--fail-on', 'warning'], 1],
    ['an info at --fail-on warning', informed, ['--fail-on', 'warning'], 0],
    ['an error of the capture at --fail-on error', wholeCapture, ['--fail-on', 'error'], 1],
    ['a failed session at --fail-on failed', DEFAULT_ANALYSIS(), ['--fail-on', 'failed'], 1],
    ['a failed session at --fail-on degraded', DEFAULT_ANALYSIS(), ['--fail-on', 'degraded'], 1],
    ['a degraded session at --fail-on failed', outcome('degraded'), ['--fail-on', 'failed'], 0],
    ['a degraded session at --fail-on degraded', outcome('degraded'), ['--fail-on', 'degraded'], 1],
    ['an undetermined session at --fail-on degraded', outcome('undetermined'), ['--fail-on', 'degraded'], 0],
    ['an undetermined session at --fail-on undetermined', outcome('undetermined'), ['--fail-on', 'undetermined'], 1],
    ['a session that is ok at --fail-on undetermined', outcome('ok'), ['--fail-on', 'undetermined'], 0],
    ['no session', analysis([]), [], 0],
    ['no session at --fail-on none', analysis([]), ['--fail-on', 'none'], 1],
    ['a session at --fail-on none', outcome('ok'), ['--fail-on', 'none'], 0],
    ['no session at one of several', analysis([]), ['--fail-on', 'error,none'], 1],
    [
      'a failed session whose cause is ignored',
      DEFAULT_ANALYSIS(),
      ['--fail-on', 'failed,error', '--ignore', 'passive-private-address'],
      0,
    ],
    ['an error of a session that was not requested', DEFAULT_ANALYSIS(), ['--fail-on', 'error', '--session', '2'], 0],
  ])('for %s is right', async (_what, value, argv, status) => {
    expect((await ftpscope(['a.pcap', ...argv], { analysis: value })).status).toBe(status)
  })

  it.each<[string, string[], RegExp]>([
    ['no capture', [], /Specify a capture/],
    ['an unknown option', ['--frobnicate', 'a.pcap'], /unknown option '--frobnicate'/],
    ['a format that does not exist', ['--format', 'pdf', 'a.pcap'], /'pdf' is invalid.*text, json, ndjson/],
    ['a severity that does not exist', ['--fail-on', 'info', 'a.pcap'], /'info' is invalid.*error, warning, none/],
    ['an expression that is none', ['--where', 'user =', 'a.pcap'], /--where "user =": Expected a value.*character 7/],
    ['a time that is none', ['--since', 'noon', 'a.pcap'], /--since noon is not a date/],
    ['a size that is none', ['--min-bytes', 'many', 'a.pcap'], /"many" is not a size/],
    ['an unknown outcome', ['--outcome', 'bad', 'a.pcap'], /one or more of/],
    ['an unknown finding', ['--finding', 'pasive-private-address', 'a.pcap'], /did you mean passive-private-address/],
    ['an unknown field', ['--sort', '-byte', 'a.pcap'], /did you mean bytes/],
    ['a choice for compare', ['compare', 'a.pcap', 'b.pcap', '--user', 'x'], /cannot be chosen for compare/],
    ['an outcome for diff', ['diff', 'a.pcap', 'b.pcap', '--fail-on', 'failed'], /--fail-on takes error or warning/],
    ['a misspelt command', ['explian', 'passive-private-address'], /no command "explian"; did you mean explain\?/],
    ['a port out of range', ['--port', '65536', 'a.pcap'], /65536.*numbers from 1 to 65535/],
    ['a reversed range', ['--session', '5-3', 'a.pcap'], /5-3/],
    ['a host name', ['--host', 'ftp.example', 'a.pcap'], /IPv4 or IPv6 address/],
    ['a limit of zero', ['--max-sessions', '0', 'a.pcap'], /whole number, at least 1/],
    ['a capture that is not there', ['b.pcap'], /b\.pcap: no such file or directory/],
  ])('is 2 with one line on standard error for %s', async (_what, argv, message) => {
    const { status, out, err } = await ftpscope(argv)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(/^ftpscope: [^\n]+\n$/)
    expect(err).toMatch(message)
  })
})

describe('damaged and foreign inputs', () => {
  it('are reported if a file is not a capture, and the others are read', async () => {
    const { status, out, err, calls } = await ftpscope(['text.txt', 'a.pcap'], {
      files: { 'text.txt': ['not a capture'], 'a.pcap': ['chunk'] },
    })
    expect([status, err]).toEqual([2, 'ftpscope: text.txt: no capture: it starts with 6e 6f 74 20\n'])
    expect(calls).toEqual(['open text.txt plain', 'open a.pcap plain', 'push chunk', 'close'])
    expect(out).toContain('2 sessions')
  })

  it('do not decide on the exit status with --keep-going', async () => {
    const files = { 'text.txt': ['not a capture'], 'a.pcap': ['chunk'] }
    const run = (...argv: string[]) => ftpscope(['text.txt', 'a.pcap', '--keep-going', ...argv], { files })
    expect((await run()).status).toBe(0)
    expect((await run('--fail-on', 'failed')).status).toBe(1)
  })

  it.each([['top'], ['firewall', '--for', 'nftables']])(
    'end %s with 2 and a report of the others',
    async (...command) => {
      const files = { 'text.txt': ['not a capture'], 'a.pcap': ['chunk'] }
      const { status, out } = await ftpscope([...command, 'text.txt', 'a.pcap'], { files })
      expect(status).toBe(2)
      expect(out).toContain('203.0.113.20')
      expect((await ftpscope([...command, 'text.txt', 'a.pcap', '--keep-going'], { files })).status).toBe(0)
    },
  )

  it('exit with 2 and without a report if no file is a capture', async () => {
    const { status, out } = await ftpscope(['text.txt'], { files: { 'text.txt': ['not a capture'] } })
    expect([status, out]).toEqual([2, ''])
  })

  it('are reported up to the point where reading failed', async () => {
    const broken = new Error('its gzip data ends early')
    const { status, out, err, calls } = await ftpscope(['-'], { files: { '-': ['chunk', broken] } })
    expect([status, err]).toEqual([0, 'ftpscope: standard input: its gzip data ends early\n'])
    expect(calls).toEqual(['open - plain', 'push chunk', 'close (its gzip data ends early)'])
    expect(out).toContain('2 sessions')
  })

  it('are named once, whether or not the message begins with the name', async () => {
    const missing = (path: string): Record<string, (string | Error)[]> => ({
      [path]: [new Error(`${path} is corrupt`)],
    })
    expect((await ftpscope(['a.gz'], { files: missing('a.gz') })).err).toBe('ftpscope: a.gz is corrupt\n')
    expect((await ftpscope(['-'], { files: missing('-') })).err).toBe('ftpscope: standard input is corrupt\n')
  })

  it('are not blamed for an error of the analyzer', async () => {
    await expect(ftpscope(['a.pcap'], { files: { 'a.pcap': ['bug'] } })).rejects.toThrow(TypeError)
  })

  it('are named without control characters', async () => {
    const { err } = await ftpscope(['\u001b[31m\nx'], { files: { '\u001b[31m\nx': ['not a capture'] } })
    expect(err).toBe('ftpscope: \\x1b[31m x: no capture: it starts with 6e 6f 74 20\n')
  })
})

describe('an interrupt', () => {
  const files = { '-': ['session 1', 'session 2'], 'a.pcap': ['more'] }

  it('ends reading, including later inputs, and reports what was read', async () => {
    let chunks = 0
    const { status, out, err, calls } = await ftpscope(['-', 'a.pcap'], {
      files,
      beforeChunk: (interrupt) => {
        if (++chunks === 1) interrupt()
      },
    })
    expect(calls).toEqual(['open - plain', 'push session 1', 'close'])
    expect([status, err]).toEqual([0, 'ftpscope: Interrupted: the report covers what was read so far\n'])
    expect(out).toContain('2 sessions')
  })

  it('before anything was read exits with 2', async () => {
    const { status, err } = await ftpscope(['--quiet', '-'], {
      files: { '-': ['not a capture'] },
      beforeChunk: (interrupt) => {
        interrupt()
      },
    })
    expect([status, err]).toEqual([2, 'ftpscope: Interrupted before anything was read\n'])
  })
})

describe('standard output', () => {
  const broken = (code: string): Collector =>
    new Collector({ fail: Object.assign(new Error(`${code}: write`), { code }) })

  it('ends quietly if its reader is gone', async () => {
    const stdout = broken('EPIPE')
    const { status, err } = await ftpscope(['a.pcap'], { stdout })
    expect([status, err]).toEqual([0, ''])
  })

  it('ends the reading of a stream of sessions if its reader is gone', async () => {
    const files = { 'a.pcap': ['session 1', 'session 2', 'session 1'] }
    const { status, calls } = await ftpscope(['--format', 'ndjson', 'a.pcap'], { stdout: broken('EPIPE'), files })
    expect(status).toBe(0)
    expect(calls).toEqual(['open a.pcap plain', 'push session 1', 'close'])
  })

  it('does not affect the status of --fail-on if its reader is gone', async () => {
    const files = { 'a.pcap': ['session 2', 'session 1'] }
    const given = { stdout: broken('EPIPE'), files }
    expect((await ftpscope(['--format', 'ndjson', '--fail-on', 'error', 'a.pcap'], given)).status).toBe(1)
  })

  it('is an error if it is full', async () => {
    const { status, err } = await ftpscope(['a.pcap'], { stdout: broken('ENOSPC') })
    expect([status, err]).toEqual([2, 'ftpscope: Cannot write to standard output: no space left on device\n'])
  })
})

describe('colors and width', () => {
  const ESC = '\u001b['

  it.each<[string, string[], Record<string, string>, boolean, boolean]>([
    ['on a terminal', [], {}, true, true],
    ['in a pipe', [], {}, false, false],
    ['with --no-color', ['--no-color'], { FORCE_COLOR: '1' }, true, false],
    ['with NO_COLOR', [], { NO_COLOR: '1' }, true, false],
    ['with an empty NO_COLOR', [], { NO_COLOR: '' }, true, true],
    ['with FORCE_COLOR in a pipe', [], { FORCE_COLOR: '1' }, false, true],
    ['with FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, true, false],
    ['on a dumb terminal', [], { TERM: 'dumb' }, true, false],
  ])('%s are as requested', async (_what, argv, env, isTTY, colored) => {
    const { out } = await ftpscope(['a.pcap', ...argv], { env, stdout: new Collector({ isTTY, columns: 120 }) })
    expect(out.includes(ESC)).toBe(colored)
  })

  it('are never in JSON', async () => {
    const { out } = await ftpscope(['a.pcap', '--format', 'json'], { env: { FORCE_COLOR: '1' } })
    expect(out).not.toContain(ESC)
  })

  it('follow the terminal', async () => {
    const widest = async (columns: number): Promise<number> => {
      const { out } = await ftpscope(['a.pcap', '--no-color'], { stdout: new Collector({ isTTY: true, columns }) })
      return Math.max(...out.split('\n').map((line) => line.length))
    }
    expect(await widest(80)).toBeLessThanOrEqual(80)
    expect(await widest(150)).toBeGreaterThan(100)
  })
})
