import type { SessionReport } from '../contract.js'
import { millisecondsBetween } from '../text/time.js'
import type { TimesReport } from './contract.js'

/** Replies that accept a login (RFC 959 §5.4, RFC 2228 §5.1). */
const ACCEPTED: ReadonlySet<number> = new Set([230, 232, 235])

/** The times of a session that a change of its network or server makes longer or shorter. */
export function timesOf({ start, exchanges, login, dataChannels, durationMs }: SessionReport): TimesReport {
  const accepted = exchanges.flatMap(({ replies }) => replies).find(({ code }) => ACCEPTED.has(code))
  const transfers = dataChannels.flatMap(({ transfer }) => transfer ?? [])
  const timed = transfers.filter(({ bytes, durationMs }) => bytes !== null && durationMs !== null && durationMs > 0)
  const sum = (value: (transfer: (typeof timed)[number]) => number): number =>
    timed.reduce((total, transfer) => total + value(transfer), 0)
  const took = sum((transfer) => transfer.durationMs!)
  return {
    loginMs: accepted && login === 'accepted' ? microseconds(millisecondsBetween(start, accepted.time)) : null,
    firstByteMs: transfers.find(({ firstByteMs }) => firstByteMs !== null)?.firstByteMs ?? null,
    durationMs,
    bytesPerSecond: took === 0 ? null : Math.round((sum(({ bytes }) => bytes!) * 1000) / took),
  }
}

/** Without the noise of a difference of doubles. */
function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
