import type { Confidence } from '../../src/diagnose/confidence.js'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import type { AnnouncementVerb, Login, Mode, Representation, Security, TransferDirection } from '../../src/ftp/model.js'
import type { ChannelState, Match, TransferOutcome } from '../../src/correlate/model.js'
import type { Severity, Side } from '../../src/diagnose/rule.js'
import type {
  Analysis,
  CaptureFileReport,
  ClosedBy,
  ControlState,
  Outcome,
  Summary,
  Vantage,
} from '../../src/report/contract.js'
import { analysis, channel, failingSession, hostileSession, reply, session } from './fixtures.js'

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  required?: string[]
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  items?: Schema
  $ref?: string
  definitions?: Record<string, Schema>
}

const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as Schema & {
  definitions: Record<string, Schema>
}
const validate = new Ajv({ strict: true, strictRequired: true, allErrors: true }).compile(schema)

function errors(value: unknown): string[] {
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

const full = (): Analysis =>
  analysis([failingSession(), session({ id: 2 }), hostileSession()], {
    findings: failingSession().findings,
    capture: {
      ...analysis([]).capture,
      anomalies: [{ kind: 'ipv4-header-truncated', count: 2, firstFrame: 7, message: 'IPv4 header truncated' }],
    },
  })

describe('schema.json', () => {
  it('accepts analyses with sessions, findings and anomalies', () => {
    expect(errors(full())).toEqual([])
  })

  it('accepts an analysis of a capture without any session or frame', () => {
    const empty = analysis([])
    expect(
      errors({ ...empty, capture: { ...empty.capture, files: [], start: null, end: null, durationMs: null } }),
    ).toEqual([])
  })

  it('accepts fields added by later versions', () => {
    expect(errors({ ...full(), remark: 'new' })).toEqual([])
  })

  it.each<[string, (value: Analysis) => unknown]>([
    ['another schema version', (value) => ({ ...value, schema: 'ftpscope/2' })],
    ['a missing field', (value) => ({ ...value, summary: undefined })],
    ['an unknown outcome', (value) => broken(value, (first) => ({ verdict: { ...first.verdict, outcome: 'fine' } }))],
    ['a time without zone', (value) => broken(value, () => ({ start: '2026-03-01T10:00:00' }))],
    ['a time in local form', (value) => broken(value, () => ({ end: '1 March 2026' }))],
    ['frame 0', (value) => broken(value, () => ({ firstFrame: 0 }))],
    ['a port as text', (value) => broken(value, () => ({ client: { address: '10.0.0.1', port: '21' } }))],
    ['undefined for unknown', (value) => broken(value, () => ({ user: undefined }))],
    [
      'a finding without evidence',
      (value) => broken(value, (first) => ({ findings: first.findings.map((each) => ({ ...each, evidence: [] })) })),
    ],
    [
      'a reply code as text',
      (value) =>
        broken(value, () => ({
          exchanges: [{ ...exchangeOf(value), replies: [{ ...reply(1, 1, ''), code: '230' }] }],
        })),
    ],
  ])('rejects %s', (_what, change) => {
    expect(errors(change(full()))).not.toEqual([])
  })
})

type First = Analysis['sessions'][number]

function broken(value: Analysis, change: (first: First) => object): unknown {
  const [first, ...rest] = value.sessions
  return { ...value, sessions: [{ ...first!, ...change(first!) }, ...rest] }
}

function exchangeOf(value: Analysis): First['exchanges'][number] {
  return value.sessions[0]!.exchanges[0]!
}

/** Follows `$ref` and returns the alternative that is not null. */
function at(...path: string[]): Schema {
  return path.reduce<Schema>((node, step) => resolve(resolve(node).properties?.[step] ?? {}), schema)
}

function resolve(node: Schema): Schema {
  if (node.$ref) return resolve(schema.definitions[node.$ref.replace('#/definitions/', '')] ?? {})
  if (node.anyOf) return resolve(node.anyOf[0]!)
  if (node.items) return resolve(node.items)
  return node
}

describe('schema.json and contract.ts', () => {
  it('require the same fields everywhere', () => {
    // The fixtures are checked against the contract by the compiler: neither a missing nor a foreign field is possible.
    const value = full()
    const first = value.sessions[0]!
    const pairs: [object, Schema][] = [
      [value, schema],
      [value.tool, at('tool')],
      [value.capture, at('capture')],
      [value.capture.files[0]!, at('capture', 'files')],
      [value.capture.anomalies[0]!, at('capture', 'anomalies')],
      [value.summary, at('summary')],
      [value.summary.outcomes, at('summary', 'outcomes')],
      [value.summary.transfers, at('summary', 'transfers')],
      [value.summary.findings, at('summary', 'findings')],
      [value.summary.causes[0]!, at('summary', 'causes')],
      [value.summary.credentialsExposed[0]!, at('summary', 'credentialsExposed')],
      [first, at('sessions')],
      [first.client, at('sessions', 'client')],
      [first.server, at('sessions', 'server')],
      [first.control, at('sessions', 'control')],
      [first.vantage, at('sessions', 'vantage')],
      [first.latency!, at('sessions', 'latency')],
      [first.latency!.slowest[0]!, at('sessions', 'latency', 'slowest')],
      [first.transfers, at('sessions', 'transfers')],
      [first.exchanges[0]!, at('sessions', 'exchanges')],
      [first.exchanges[0]!.replies[0]!, at('sessions', 'exchanges', 'replies')],
      [first.dataChannels[0]!, at('sessions', 'dataChannels')],
      [channel().announcement!, at('sessions', 'dataChannels', 'announcement')],
      [channel().from, at('sessions', 'dataChannels', 'from')],
      [channel().to, at('sessions', 'dataChannels', 'to')],
      [channel().connection!, at('sessions', 'dataChannels', 'connection')],
      [channel().connection!.packets[0]!, at('sessions', 'dataChannels', 'connection', 'packets')],
      [channel().connection!.rate!, at('sessions', 'dataChannels', 'connection', 'rate')],
      [channel().transfer!, at('sessions', 'dataChannels', 'transfer')],
      [channel().transfer!.reply!, at('sessions', 'dataChannels', 'transfer', 'reply')],
      [first.findings[0]!, at('sessions', 'findings')],
      [first.findings[0]!.evidence[0]!, at('sessions', 'findings', 'evidence')],
      [first.verdict, at('sessions', 'verdict')],
    ]
    for (const [fixture, node] of pairs) expect([...(node.required ?? [])].sort()).toEqual(Object.keys(fixture).sort())
  })

  it('have the same values in every enumeration', () => {
    // `Record` makes the compiler require every member and reject any other.
    const all = <T extends string>(members: Record<T, true>): string[] => Object.keys(members).sort()
    const pairs: [string[], Schema][] = [
      [all<CaptureFileReport['format']>({ pcap: true, pcapng: true }), at('capture', 'files', 'format')],
      [
        all<NonNullable<CaptureFileReport['compression']>>({ gzip: true, zstd: true }),
        at('capture', 'files', 'compression'),
      ],
      [
        all<Vantage>({ client: true, server: true, middle: true, 'both-sides-of-nat': true, unknown: true }),
        at('summary', 'vantage'),
      ],
      [
        all<ControlState>({
          established: true,
          refused: true,
          unanswered: true,
          unreachable: true,
          incomplete: true,
          midstream: true,
        }),
        at('sessions', 'control', 'state'),
      ],
      [
        all<ClosedBy>({
          client: true,
          server: true,
          'reset-by-client': true,
          'reset-by-server': true,
          open: true,
          none: true,
        }),
        at('sessions', 'control', 'closedBy'),
      ],
      [all<Login>({ accepted: true, rejected: true, none: true, unknown: true }), at('sessions', 'login')],
      [
        all<Security>({ none: true, 'explicit-tls': true, 'implicit-tls': true, gssapi: true }),
        at('sessions', 'security'),
      ],
      [all<Mode>({ active: true, passive: true }), at('sessions', 'dataChannels', 'mode')],
      [
        all<AnnouncementVerb>({
          PORT: true,
          EPRT: true,
          LPRT: true,
          PASV: true,
          EPSV: true,
          LPSV: true,
          CPSV: true,
          SPSV: true,
        }),
        at('sessions', 'dataChannels', 'verb'),
      ],
      [
        all<ChannelState>({
          established: true,
          refused: true,
          unanswered: true,
          unreachable: true,
          'not-attempted': true,
          rejected: true,
          'closed-early': true,
        }),
        at('sessions', 'dataChannels', 'state'),
      ],
      [
        all<Match>({ announced: true, translated: true, 'control-address': true, none: true }),
        at('sessions', 'dataChannels', 'match'),
      ],
      [
        all<TransferDirection>({ download: true, upload: true, listing: true }),
        at('sessions', 'dataChannels', 'transfer', 'direction'),
      ],
      [
        all<Representation>({ ascii: true, ebcdic: true, image: true, local: true }),
        at('sessions', 'dataChannels', 'transfer', 'representation'),
      ],
      [
        all<TransferOutcome>({
          completed: true,
          incomplete: true,
          aborted: true,
          refused: true,
          failed: true,
          unknown: true,
        }),
        at('sessions', 'dataChannels', 'transfer', 'outcome'),
      ],
      [all<Severity>({ error: true, warning: true, info: true }), at('sessions', 'findings', 'severity')],
      [all<Confidence>({ high: true, medium: true, low: true }), at('sessions', 'findings', 'confidence')],
      [
        all<Side>({
          client: true,
          'client-network': true,
          path: true,
          'server-network': true,
          server: true,
          unknown: true,
        }),
        at('sessions', 'findings', 'side'),
      ],
      [
        all<Outcome>({ ok: true, degraded: true, failed: true, undetermined: true }),
        at('sessions', 'verdict', 'outcome'),
      ],
    ]
    for (const [members, node] of pairs) {
      expect((node.enum ?? []).filter((value) => value !== null).sort()).toEqual(members)
    }
    expect(at('summary', 'outcomes').required).toEqual(
      Object.keys(full().summary.outcomes satisfies Summary['outcomes']),
    )
  })
})
