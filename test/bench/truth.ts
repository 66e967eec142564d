import type { DataChannelReport, Outcome, SessionReport } from '../../src/report/contract.js'

/** What a generated capture holds, known from how it was made. */
export interface Truth {
  packets: number
  bytes: number
  connections: number
  sessions: SessionTruth[]
  /** A key log of all TLS in it; empty without any. */
  keyLog: string
}

export interface SessionTruth {
  /** Client's address and port, which no two sessions of a workload share. */
  client: string
  outcome: Outcome
  attempted: number
  completed: number
  failed: number
  /** Payload bytes of its data connections. */
  bytes: number
}

export interface Totals {
  sessions: number
  outcomes: Record<Outcome, number>
  transfers: number
  bytes: number
}

function bytesOf({ connection, transfer }: DataChannelReport): number {
  return (transfer?.decrypted ? transfer.bytes : connection?.bytes) ?? 0
}

/** What the analysis says of the same session. */
export function toldOf({ client, verdict, transfers, dataChannels }: SessionReport): SessionTruth {
  return {
    client: `${client.address}:${client.port}`,
    outcome: verdict.outcome,
    attempted: transfers.attempted,
    completed: transfers.completed,
    failed: transfers.failed,
    bytes: dataChannels.reduce((sum, channel) => sum + bytesOf(channel), 0),
  }
}

/** Differences in words, the first few; none when the analysis equals the truth. */
export function differences(truth: readonly SessionTruth[], told: readonly SessionTruth[], most = 5): string[] {
  const found: string[] = []
  if (truth.length !== told.length) found.push(`${told.length} sessions instead of ${truth.length}`)
  const byClient = new Map(told.map((session) => [session.client, JSON.stringify(session)]))
  for (const session of truth) {
    if (found.length >= most) break
    const said = byClient.get(session.client)
    const wanted = JSON.stringify(session)
    if (said !== wanted) found.push(`${said ?? 'nothing'} instead of ${wanted}`)
  }
  return found
}

export function totals(sessions: readonly SessionTruth[]): Totals {
  const sum: Totals = {
    sessions: 0,
    outcomes: { ok: 0, degraded: 0, failed: 0, undetermined: 0 },
    transfers: 0,
    bytes: 0,
  }
  for (const session of sessions) {
    sum.sessions++
    sum.outcomes[session.outcome]++
    sum.transfers += session.completed
    sum.bytes += session.bytes
  }
  return sum
}
