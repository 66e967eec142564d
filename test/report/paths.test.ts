/** Sessions that several places saw: one row, one verdict, and what became of their packets. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import stringWidth from 'string-width'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { DEFAULT_OPTIONS, type ReportOptions } from '../../src/report/format.js'
import { FORMATS, type FormatName } from '../../src/report/formats.js'
import { FileFrames } from '../../src/report/place/file-frames.js'
import { streamNumber } from '../../src/report/place/stream-number.js'
import { SessionSelection } from '../../src/cli/commands/session-selection.js'
import { HOSTILE } from './fixtures.js'
import { parseCsv } from './parse-csv.js'
import { manyPlaces, twoPlaces } from './path-fixtures.js'

const ASSETS = {
  page: () => Promise.resolve('<html><template id="ftpscope-slot"></template></html>'),
  utf8: new TextEncoder(),
}

async function written(format: FormatName, value: Analysis, options: Partial<ReportOptions> = {}): Promise<string> {
  const made = (await FORMATS[format](ASSETS))({ ...DEFAULT_OPTIONS, ...options })
  const decoder = new TextDecoder()
  return [...made.end(value)].map((piece) => (typeof piece === 'string' ? piece : decoder.decode(piece))).join('')
}

/** As `--session` chooses. */
function chosen(...ids: number[]): Pick<ReportOptions, 'chosen' | 'takes'> {
  const selection = new SessionSelection(ids)
  return { chosen: selection.chosen, takes: (session, all) => selection.takes(session, all) }
}

describe('text of a session that two places saw', () => {
  it.each([80, 120, 160])('is as expected in %i columns', async (width) => {
    const report = await written('text', twoPlaces(), { width })
    await expect(report).toMatchFileSnapshot(`snapshots/two-places-${width}.txt`)
    expect(report.split('\n').filter((line) => stringWidth(line) > width)).toEqual([])
  })

  it('has one row, which names the ids of both', async () => {
    const report = await written('text', twoPlaces())
    expect(report).toContain('2 sessions: ✗ 1 FAILED  ✓ 1 ok')
    expect(report).toMatch(/^ 1, 2 {2}10\.1\.0\.2:52228/m)
    expect(report.match(/✗ FAILED {2}\(/g)).toHaveLength(1)
  })

  it.each([1, 2])('is shown with its dialogue for --session %i', async (id) => {
    const report = await written('text', twoPlaces(), chosen(id))
    expect(report).toMatch(/^1 {2}✗ FAILED/m)
    expect(report).toContain('Control connection\n   client.pcap\n   #4')
    expect(report).toContain('one only server.pcap #50: FIN of the client: after the end of client.pcap, or lost')
    expect(report).not.toContain('bob')
  })

  it('ends a lost packet where it was lost, and shows both spellings of a changed one', async () => {
    const report = await written('text', twoPlaces())
    expect(report).toMatch(/#41│── SYN ─+✗ +│$/m)
    expect(report).toMatch(/→ PORT 198,51,100,7,204,5/)
  })

  it('gives a line to paste for each file, with the numbers of that file', async () => {
    const report = await written('text', twoPlaces(["it's here/a.pcap", '/x/b.pcap']))
    expect(report).toContain(`tshark -r 'it'\\''s here/a.pcap' -Y 'tcp.stream eq 0 or tcp.stream eq 1'`)
    expect(report).toContain("tshark -r /x/b.pcap -Y 'tcp.stream eq 3'")
  })
})

describe('text of a session that more places saw', () => {
  it.each([
    [80, 3],
    [80, 4],
    [120, 4],
    [120, 6],
    [160, 8],
  ])('keeps to %i columns with %i places', async (width, count) => {
    const report = await written('text', manyPlaces(count), { width })
    expect(report.split('\n').filter((line) => stringWidth(line) > width)).toEqual([])
    expect(report).toMatch(/#41│.*✗/)
  })

  it('says so if the places do not fit', async () => {
    expect(await written('text', manyPlaces(12), { width: 80 })).toContain('12 places do not fit into this width')
  })

  it('lists fates up to a bound', async () => {
    const value = twoPlaces()
    const [path] = value.paths!
    path!.fates = Array.from({ length: 500 }, (_, at) => ({ ...path!.fates[1]!, localFrame: at, what: `loss ${at}` }))
    path!.fatesLeftOut = 7
    const report = await written('text', value)
    expect(report.match(/: loss \d+$/gm)).toHaveLength(10)
    expect(report).toContain('and 497 more in the JSON report')
  })
})

describe('numbers of streams', () => {
  const frames = new FileFrames(twoPlaces().capture)
  const origin = { file: 'server.pcap', firstFrame: 1, tcpStream: 3 }

  it.each([
    [{ tcpStream: 5, origin }, { tcpStream: 7, synFrame: 70 }, '5'],
    // In another file, or in one that continues another: only the number in the input is known.
    [{ tcpStream: 5, origin }, { tcpStream: 7, synFrame: 10 }, '7 of the input'],
    [{ tcpStream: 5, origin: { ...origin, tcpStream: null } }, { tcpStream: 7, synFrame: 70 }, '7 of the input'],
    [{ tcpStream: 5, origin }, { tcpStream: 7, synFrame: null }, '7 of the input'],
  ])('are those of the file where they are known: %j %j', (session, connection, expected) => {
    expect(streamNumber(session, connection, frames)).toBe(expected)
    expect(streamNumber(session, connection, new FileFrames({ files: [] }))).toBe('7')
  })
})

describe('Markdown of a session that two places saw', () => {
  it('is as expected', async () => {
    await expect(await written('markdown', twoPlaces())).toMatchFileSnapshot('snapshots/two-places.md')
  })

  it('says what entered which device, and that it never left it', async () => {
    const report = await written('markdown', twoPlaces())
    expect(report).toMatch(
      /\(10\.1\.0\.2:52229 → 10\.0\.0\.21:50005\) entered your NAT at `\S+` as "SYN" \(`#41` in `client\.pcap`; likewise `#42`\), and never left it: it is not in `server\.pcap`\.$/m,
    )
    expect(report).toContain('left it as "PORT 198,51,100,7,204,5" (`#8` in `server.pcap`)')
  })
})

describe('schema.json', () => {
  const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as object
  const validate = new Ajv({ strict: true, strictRequired: true, allErrors: true, allowUnionTypes: true }).compile(
    schema,
  )

  it.each([2, 4])('describes sessions of %i places', (count) => {
    validate(count === 2 ? twoPlaces() : manyPlaces(count))
    expect(validate.errors ?? []).toEqual([])
  })

  it('refuses a path without its places', () => {
    const value = twoPlaces()
    expect(validate({ ...value, paths: [{ ...value.paths![0], places: undefined }] })).toBe(false)
  })
})

describe('formats for programs', () => {
  it('have one row of csv per path, with its places and counts', async () => {
    const [head, ...lines] = parseCsv(await written('csv', twoPlaces()))
    const rows = lines.map((line) => Object.fromEntries(head!.map((name, at) => [name, line[at]])))
    expect(rows).toMatchObject([
      { session: '3', path: '', path_sessions: '', file: 'server.pcap', file_first_frame: '31', file_tcp_stream: '4' },
      {
        ...{ session: '1', path: '1', path_sessions: '1 2', path_places: 'client.pcap; server.pcap' },
        ...{ packets_lost: '2', packets_changed: '1', packets_injected: '0', file: 'client.pcap' },
      },
    ])
  })

  it('have findings of all places once, with their frames by file', async () => {
    const [head, ...lines] = parseCsv(await written('csv', twoPlaces(), { rows: 'findings' }))
    const cell = (name: string): (string | undefined)[] => lines.map((line) => line[head!.indexOf(name)])
    expect(cell('finding')).toEqual(['passive-port-unanswered', 'cleartext-credentials', 'control-reset'])
    expect(cell('frames_in_files')[0]).toBe('client.pcap #41; client.pcap #42; server.pcap #38')
  })

  it('have paths in json as they are, and in ndjson after the sessions', async () => {
    const value = twoPlaces()
    expect(JSON.parse(await written('json', value))).toEqual(value)
    const lines = (await written('ndjson', value)).trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as { type: string; id?: number })
    expect(parsed.map(({ type, id }) => [type, id])).toEqual([
      ['session', 3],
      ['session', 1],
      ['session', 2],
      ['path', 1],
      ['capture', undefined],
    ])
    expect(parsed[3]).toEqual({ type: 'path', ...value.paths![0] })
  })

  it.each(['json', 'ndjson'] as const)(
    'have the whole path in %s for one of its sessions, and no other',
    async (format) => {
      const report = await written(format, twoPlaces(), chosen(2))
      expect(report.match(/"serverSoftware"/g)).toHaveLength(2)
      expect(report).toContain('"fatesLeftOut"')
      const other = await written(format, twoPlaces(), chosen(3))
      expect(other.match(/"serverSoftware"/g)).toHaveLength(1)
      expect(other).not.toContain('"fatesLeftOut"')
    },
  )

  it('write nothing for a path twice if its sessions end one by one', async () => {
    const value = twoPlaces()
    const writer = (await FORMATS.csv())(DEFAULT_OPTIONS)
    const early = value.sessions.map((session: SessionReport) => writer.session(session)).join('')
    const rest = [...writer.end({ ...value, sessions: [] })].join('')
    expect(
      parseCsv(early + rest)
        .slice(1)
        .map(([id]) => id),
    ).toEqual(['3', '1'])
  })
})

describe('paths with hostile texts', () => {
  const value = (): Analysis => {
    const hostile = twoPlaces([`a${HOSTILE}.pcap`, 'b`|<img src=x>@all.pcap'])
    const [path] = hostile.paths!
    path!.signs = [HOSTILE, '<b>']
    path!.hops[0]!.changes = [HOSTILE, '[x](javascript:y) @all #1']
    for (const fate of path!.fates) Object.assign(fate, { packet: `USER ${HOSTILE}`, what: `"${HOSTILE}" <script>` })
    for (const connection of path!.connections) {
      connection.verdict = HOSTILE
      for (const packet of connection.packets) Object.assign(packet, { packet: `RETR ${HOSTILE}\`\`\`` })
    }
    return hostile
  }

  it.each<[FormatName, Partial<ReportOptions>]>([
    ['text', {}],
    ['text', chosen(2)],
    ['markdown', {}],
    ['markdown', chosen(2)],
    ['csv', {}],
    ['json', {}],
    ['ndjson', {}],
    ['html', {}],
  ])('are inert as %s %j', async (format, options) => {
    const report = await written(format, value(), options)
    expect(report).not.toMatch(/(?![\r\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(report).not.toMatch(/^\s*200 forged/m)
    if (format === 'markdown') {
      const prose = report.replace(/^(`{3,})text\n[^]*?^\1$/gm, '').replaceAll(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, '')
      expect(prose).not.toMatch(/[<>@]|\]\(/)
    }
  })
})
