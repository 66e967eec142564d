import type { SessionReport, TransferReport } from '../../report/contract.js'
import type { Completeness } from '../../report/extract/contract.js'
import { plural } from '../../report/text/units.js'
import { hasOffsets, lengthOf, type Received } from './received.js'
import type { ChannelContent, SessionContents } from './session-contents.js'

/** What is kept of a stream says what it has. */
export interface Kept {
  readonly received: Received
}

/** A transfer, or a data connection without a known command, with what was received of it. */
export interface Transferred<Content extends Kept = Kept> {
  session: SessionReport
  transfer: TransferReport | null
  channel: ChannelContent<Content>
  frame: number
  /** Absolute where known; `null` without a name. */
  path: string | null
  /** Where it begins in the file on the server; `null` if unknown. */
  offset: number | null
  completeness: Completeness
  because: string[]
}

/** The data connections of a session, and the number of its transfers without one. */
export function transferredBy<Content extends Kept>(
  session: SessionReport,
  { channels }: SessionContents<Content>,
): { transferred: Transferred<Content>[]; withoutData: number } {
  const reports = new Map(session.dataChannels.map((report) => [report.id, report]))
  const transferred = channels.flatMap((channel) => {
    const transfer = reports.get(channel.channel)?.transfer ?? null
    if (transfer?.outcome === 'refused' || (transfer === null && channel.content === null)) return []
    const frame = transfer?.frame ?? channel.firstFrame
    const path = transfer?.absolutePath ?? transfer?.path ?? channel.chosenName
    const offset = offsetOf(transfer, channel)
    return { session, transfer, channel, frame, path, offset, ...completenessOf(transfer, channel) }
  })
  const known = transferred.filter(({ transfer }) => transfer !== null).length
  const all = session.dataChannels.filter(({ transfer }) => transfer !== null).length
  return { transferred, withoutData: all - known }
}

function offsetOf(transfer: TransferReport | null, channel: ChannelContent<unknown>): number | null {
  if (transfer?.command === 'APPE') return channel.sizeBefore
  return channel.restartKnown ? (transfer?.restartAt ?? 0) : null
}

function completenessOf(
  transfer: TransferReport | null,
  { content, ended, mode, structure, midstream, undecrypted }: ChannelContent<Kept>,
): { completeness: Completeness; because: string[] } {
  const received = content?.received ?? { bytes: 0, gaps: [], leftOut: 0 }
  const length = lengthOf(received)
  const isFile = transfer?.representation === 'image' && mode === 'stream' && structure === 'file'
  const expected = isFile ? transfer.expectedBytes : null
  const wrong: string[] = []
  if (undecrypted === 'all') wrong.push('under TLS and not decrypted')
  else if (undecrypted === 'part') wrong.push('not all of its TLS was decrypted')
  if (received.gaps.length > 0) wrong.push(plural(received.gaps.length, 'gap'))
  if (received.leftOut > 0) wrong.push(`${plural(received.leftOut, 'byte')} left out`)
  const whole = hasOffsets(received) ? length + received.leftOut : null
  if (undecrypted !== 'all' && expected !== null && whole !== null && whole < expected)
    wrong.push(`${plural(whole, 'byte')} of ${expected}`)
  const reply = transfer?.reply ? [`reply ${transfer.reply.code}`] : []
  const { outcome = 'unknown' } = transfer ?? {}
  if (outcome === 'aborted' || outcome === 'failed' || outcome === 'incomplete') wrong.push(...reply, outcome)
  if (wrong.length > 0) return { completeness: undecrypted === 'all' ? 'unknown' : 'partial', because: wrong }
  const isSized = expected !== null && whole === expected
  const proofs = [
    ...(outcome === 'completed' ? reply : []),
    ...(ended.closeNotify ? ['close_notify'] : ended.fin ? ['FIN'] : []),
    ...(isSized ? [`size ${expected}`] : []),
  ]
  const hasEnd = ended.fin || ended.closeNotify
  if (isSized || (!midstream && hasEnd && outcome === 'completed')) return { completeness: 'complete', because: proofs }
  const lacking = [
    ...(midstream ? ['its beginning may be missing'] : []),
    ...(hasEnd ? [] : [ended.reset ? 'ended by a RST' : 'its end was not captured']),
    ...(transfer === null ? ['no command is known'] : outcome === 'completed' ? [] : ['no final reply']),
  ]
  return { completeness: 'unknown', because: lacking }
}

/** Of transfers that several places of capture saw, each once: from where most of it was captured. */
export function bestOfPlaces<Content extends Kept>(
  places: readonly (readonly Transferred<Content>[])[],
): Transferred<Content>[] {
  const best = new Map<string, Transferred<Content>>()
  for (const place of places) {
    const counts = new Map<string, number>()
    for (const each of place) {
      const name = `${each.transfer?.command ?? ''} ${each.path ?? ''}`
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      const key = `${count} ${name}`
      const other = best.get(key)
      if (!other || isBetter(each, other)) best.set(key, each)
    }
  }
  return [...best.values()]
}

const RANKS: Record<Completeness, number> = { complete: 2, unknown: 1, partial: 0 }

function isBetter(a: Transferred, b: Transferred): boolean {
  const [left, right] = [a, b].map(({ channel }) => channel.content?.received ?? { bytes: 0, gaps: [], leftOut: 0 })
  if (left!.bytes !== right!.bytes) return left!.bytes > right!.bytes
  if (left!.gaps.length !== right!.gaps.length) return left!.gaps.length < right!.gaps.length
  return RANKS[a.completeness] > RANKS[b.completeness]
}
