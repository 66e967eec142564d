import { causeOf } from '../cause.js'
import type { SessionReport } from '../contract.js'
import type { Ladder, LadderRow } from './model.js'

/** At most `most` rows that show why the session failed; each row has the number of rows omitted before it. */
export function shortLadder(ladder: Ladder, session: SessionReport, most: number): Ladder {
  const weigh = weightsFor(session)
  const ranked = ladder.rows
    .map((row, at) => ({ row, at, weight: weigh(row) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
  let next = 0
  const rows = ranked.map(({ row, at }): LadderRow => {
    const skipped = at - next
    next = at + 1
    return { ...row, skipped }
  })
  return { ...ladder, rows }
}

/** How much a row shows of the failure; 0 for nothing. */
function weightsFor(session: SessionReport): (row: LadderRow) => number {
  const channel = channelInQuestion(session)
  const last = session.exchanges.at(-1)
  const ending = new Set(last ? [last.frame, ...last.replies.map(({ frame }) => frame)] : [])
  return (row) => {
    const concerned = row.dataChannel === channel
    if (row.proof) return 100
    if (TROUBLE.has(row.kind) || row.lost) return concerned ? 80 : 40
    if (channel !== null && concerned) return ROUTINE.has(row.kind) ? 30 : 70
    if (row.channel === 'data') return 0
    if (DIALOGUE.has(row.kind)) return ending.has(row.frame) ? 35 : 0
    // How the control connection opened and closed, if no data channel is in question.
    return channel === null && !ROUTINE.has(row.kind) ? 20 : 0
  }
}

/** Packets that end something or hold it up. */
const TROUBLE: ReadonlySet<LadderRow['kind']> = new Set(['rst', 'icmp', 'alert', 'zero-window'])
const ROUTINE: ReadonlySet<LadderRow['kind']> = new Set(['ack', 'first-data', 'last-data', 'retransmission'])
const DIALOGUE: ReadonlySet<LadderRow['kind']> = new Set(['command', 'reply', 'announcement'])

/** The data channel that the cause concerns; without one, the last that did not complete a transfer. */
function channelInQuestion(session: SessionReport): number | null {
  const cause = causeOf(session)
  if (cause) return cause.dataChannel
  const lost = session.dataChannels.filter(
    ({ state, transfer }) => state !== 'established' || transfer?.outcome !== 'completed',
  )
  return lost.at(-1)?.id ?? null
}
