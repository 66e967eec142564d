import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { csvReport } from '../../src/report/csv/report.js'
import type { Column } from '../../src/report/csv/column.js'
import { EXCHANGE_COLUMNS } from '../../src/report/csv/exchanges.js'
import { FINDING_COLUMNS } from '../../src/report/csv/findings.js'
import { SESSION_COLUMNS } from '../../src/report/csv/sessions.js'
import { TRANSFER_COLUMNS } from '../../src/report/csv/transfers.js'
import { DEFAULT_OPTIONS, type RowKind } from '../../src/report/format.js'
import { parseCsv } from './parse-csv.js'
import { analysis, failingSession, session } from './fixtures.js'

const written = (value: Analysis, rows: RowKind): string =>
  [...csvReport({ ...DEFAULT_OPTIONS, rows }).end(value)].join('')

function records(value: Analysis, rows: RowKind): Record<string, string>[] {
  const [head = [], ...lines] = parseCsv(written(value, rows))
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at]!])))
}

const two = (): Analysis => analysis([failingSession(), session({ id: 2 })], { findings: failingSession().findings })

describe('csv', () => {
  it('has a row per session, with its verdict and what to change', () => {
    const [first, second] = records(two(), 'sessions')
    expect(first).toMatchObject({
      session: '1',
      outcome: 'failed',
      cause: 'passive-private-address',
      side: 'server',
      client_address: '10.1.0.2',
      server_port: '21',
      transfers_failed: '1',
    })
    expect(first!['remedy']).toContain('pasv_address=203.0.113.20')
    expect(second).toMatchObject({ session: '2', outcome: 'ok', cause: '', remedy: '' })
  })

  it('counts the data connections whose commands TLS hides', () => {
    const hidden = { opened: 3, carriedData: 2, bytesFromClient: 1500, bytesFromServer: 0 }
    const secured = session({ transfers: { attempted: 0, completed: 0, failed: 0, hidden } })
    const [clear, tls] = records(analysis([session(), secured]), 'sessions')
    expect(tls).toMatchObject({
      tls_data_opened: '3',
      tls_data_carried: '2',
      tls_bytes_from_client: '1500',
      tls_bytes_from_server: '0',
    })
    expect(clear).toMatchObject({ tls_data_opened: '', tls_data_carried: '', tls_bytes_from_client: '' })
  })

  it('has a row per data channel', () => {
    const [first] = records(two(), 'transfers')
    expect(first).toMatchObject({
      session: '1',
      command: 'LIST',
      path: '',
      state: 'unanswered',
      announced_address: '10.0.0.21',
      announced_port: '50005',
      attempts: '3',
    })
  })

  it('has a row per exchange, including the greeting', () => {
    const rows = records(two(), 'exchanges')
    expect(rows.slice(0, 2)).toMatchObject([
      { session: '1', command: '', reply_codes: '220', reply_text: '(vsFTPd 3.0.3)' },
      { session: '1', command: 'USER', argument: 'alice', reply_codes: '331' },
    ])
  })

  it('has a row per finding, those of the capture last and without a session', () => {
    const rows = records(two(), 'findings')
    expect(rows.map((row) => row['session'])).toEqual(['1', '1', '', ''])
    expect(rows[1]).toMatchObject({ finding: 'passive-private-address', is_cause: 'true', frames: '41 42 47 55' })
  })

  it('writes an analysis without sessions as a header', () => {
    expect(written(analysis([]), 'sessions')).toMatch(/^session,outcome,[a-z_,]+\r\n$/)
  })

  it('describes its columns in docs/CSV.md', async () => {
    const table = <Row>(kind: RowKind, columns: readonly Column<Row>[]): string[] => [
      '',
      `## --rows ${kind}`,
      '',
      '| column | content |',
      '| --- | --- |',
      ...columns.map(({ name, about }) => `| \`${name}\` | ${about} |`),
    ]
    const page = [
      '# Columns of --format csv',
      '',
      'UTF-8, with a header, lines ending in CR LF, and cells quoted as required (RFC 4180). An unknown value ' +
        'is an empty cell. Rows are',
      'written as sessions end, those of sessions that several places saw at the end, once. Control characters ' +
        'and invisible characters are',
      'escaped (`\\n`, `\\xNN`, `\\u{NNNN}`), and texts are truncated',
      'to 2,000 characters. Where a spreadsheet would see a formula (a text that starts with `=`, `+`, `-` or ' +
        '`@`, also after a semicolon),',
      "a `'` is inserted before it.",
      ...table('sessions', SESSION_COLUMNS),
      ...table('transfers', TRANSFER_COLUMNS),
      ...table('exchanges', EXCHANGE_COLUMNS),
      ...table('findings', FINDING_COLUMNS),
      '',
    ]
    await expect(page.join('\n')).toMatchFileSnapshot('../../docs/CSV.md')
  })
})
