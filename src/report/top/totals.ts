import { endpointText } from '../../diagnose/words/evidence.js'
import { bytesOf } from '../choose/fields.js'
import type { Analysis, SessionReport } from '../contract.js'
import { timesOf } from '../diff/times.js'
import { JoinedSessions } from '../place/joined-sessions.js'
import { transfersOf } from '../text/transfer-lines.js'
import type { TimeZone } from '../time-zone.js'
import { TOOL } from '../version.js'
import { type Percentiles, TOP_SCHEMA, type TopGroup, type TopReport, type TopRow, type TopTotals } from './contract.js'

/** Totals of an analysis; days are those of the zone. A session that several places saw counts once. */
export function topOf(analysis: Analysis, zone: TimeZone): TopReport {
  const sessions = new JoinedSessions(analysis).rows
  const group = (keyOf: (session: SessionReport) => string | null): TopRow[] => grouped(sessions, keyOf)
  const groups: Record<TopGroup, TopRow[]> = {
    server: group(({ server }) => endpointText(server.address, server.port)),
    client: group(({ client }) => client.address),
    user: group(({ user }) => user),
    day: group(({ start }) => zone.show(start).slice(0, 10)).toSorted((a, b) =>
      (a.key ?? '') < (b.key ?? '') ? -1 : 1,
    ),
  }
  return { schema: TOP_SCHEMA, tool: TOOL, total: totals(sessions), groups, causes: analysis.summary.causes }
}

function grouped(sessions: readonly SessionReport[], keyOf: (session: SessionReport) => string | null): TopRow[] {
  const groups = new Map<string | null, SessionReport[]>()
  for (const session of sessions) {
    const key = keyOf(session)
    const group = groups.get(key)
    if (group) group.push(session)
    else groups.set(key, [session])
  }
  return [...groups]
    .map(([key, own]) => ({ key, ...totals(own) }))
    .sort((a, b) => b.sessions - a.sessions || b.bytes - a.bytes)
}

function totals(sessions: readonly SessionReport[]): TopTotals {
  const outcomes = { ok: 0, degraded: 0, failed: 0, undetermined: 0 }
  const transfers = { attempted: 0, completed: 0, failed: 0 }
  let bytes = 0
  for (const session of sessions) {
    outcomes[session.verdict.outcome]++
    transfers.attempted += session.transfers.attempted
    transfers.completed += session.transfers.completed
    transfers.failed += session.transfers.failed
    bytes += bytesOf(session)
  }
  const ofTransfers = sessions.flatMap(({ dataChannels }) => transfersOf(dataChannels))
  return {
    sessions: sessions.length,
    outcomes,
    transfers,
    bytes,
    loginMs: percentiles(sessions.map((session) => timesOf(session).loginMs)),
    firstByteMs: percentiles(ofTransfers.map(({ firstByteMs }) => firstByteMs)),
    bytesPerSecond: percentiles(ofTransfers.map(({ bytesPerSecond }) => bytesPerSecond)),
  }
}

/** By the nearest rank: each is a value that occurred; of two in the middle, the smaller one is the median. */
export function percentiles(values: readonly (number | null)[]): Percentiles {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const at = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null
  return { count: sorted.length, median: at(0.5), p95: at(0.95) }
}
