import { describe, expect, it } from 'vitest'
import { Causes } from '../../src/report/summary/causes.js'
import { failingSession, finding, session } from './fixtures.js'

const same = (id: number): number => id

function reportOf(sessions: ReturnType<typeof session>[], idOf = same) {
  const causes = new Causes()
  for (const each of sessions) causes.add(each)
  return causes.report(sessions.length, idOf)
}

function failing(id: number, client: string, server = '203.0.113.20') {
  return failingSession({
    id,
    firstFrame: id * 10,
    client: { address: client, port: 50_000 + id },
    server: { address: server, port: 21 },
  })
}

describe('The causes that sessions share', () => {
  it('are listed once, with sessions, clients and the first example', () => {
    const [cause, ...others] = reportOf([
      failing(1, '10.1.0.2'),
      session({ id: 2 }),
      failing(3, '10.1.0.3'),
      failing(4, '10.1.0.3'),
    ])
    expect(others).toEqual([])
    expect(cause).toMatchObject({
      cause: 'passive-private-address',
      outcome: 'failed',
      count: 3,
      sessions: [1, 3, 4],
      clients: 2,
      servers: 1,
      client: null,
      server: { address: '203.0.113.20', port: 21 },
    })
    expect(cause!.sentence).toBe(
      '3 of 4 sessions, from 2 clients to 203.0.113.20:21: Server announces a private address. In session 1: ' +
        'The server told the client to connect to 10.0.0.21:50005, a private address behind its NAT; ' +
        'no answer was captured.',
    )
  })

  it('are two if the same fault is at two servers', () => {
    const causes = reportOf([failing(1, '10.1.0.2'), failing(2, '10.1.0.2', '203.0.113.21')])
    expect(causes.map(({ server }) => server?.address)).toEqual(['203.0.113.20', '203.0.113.21'])
  })

  it('are one for all servers if the client is at fault, with the worst outcome of them', () => {
    const fault = finding({ id: 'active-private-address', side: 'client' })
    const causes = reportOf(
      (['degraded', 'failed'] as const).map((outcome, i) => {
        const part = failing(i + 1, '10.1.0.2', `203.0.113.${i}`)
        return { ...part, findings: [fault], verdict: { ...part.verdict, cause: fault.id, outcome } }
      }),
    )
    expect(causes).toMatchObject([{ outcome: 'failed', count: 2, servers: 2, server: null, client: '10.1.0.2' }])
  })

  it('are listed worst and most frequent first, with the ids that the report uses', () => {
    const rare = failing(1, '10.1.0.2', '203.0.113.1')
    const causes = reportOf([rare, failing(2, '10.1.0.2'), failing(3, '10.1.0.2')], (id) => id + 100)
    expect(causes.map(({ sessions }) => sessions)).toEqual([[102, 103], [101]])
  })

  it('take bounded memory: a hundred ids, and groups by cause alone beyond some hundreds of servers', () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      failing(i + 1, `10.2.${i >> 8}.${i & 255}`, `198.51.${i >> 8}.${i & 255}`),
    )
    const causes = reportOf(many)
    expect(causes.length).toBeLessThan(502)
    expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(2000)
    expect(causes[0]).toMatchObject({ count: 1500, clients: 1500, server: null })
    expect(causes[0]!.sessions).toHaveLength(100)
  })
})
