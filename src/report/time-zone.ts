/** How times are shown, and how those are read that people write. JSON has UTC always. */
export interface TimeZone {
  /** As it was asked for: `UTC`, `+02:00`, `Europe/Berlin`. */
  name: string
  /** An ISO 8601 time in UTC as one in this zone, with its offset unless that is UTC. */
  show(iso: string): string
  /**
   * Milliseconds since 1970 of a date, with or without a time, in this zone unless it names another:
   * `2026-03-01`, `2026-03-01T02:13`, `2026-03-01 02:13:04.5+01:00`; `null` if it is none.
   */
  read(text: string): number | null
}

export const UTC: TimeZone = { name: 'UTC', show: (iso) => iso, read: (text) => readTime(text, () => 0) }

/** @throws RangeError for a zone that is neither an offset nor a name of the IANA database */
export function timeZone(name: string): TimeZone {
  if (/^(?:utc|z)$/i.test(name)) return UTC
  const offsetAt = fixedOffset(name) ?? offsetOfZone(name)
  return { name, show: (iso) => showTime(iso, offsetAt), read: (text) => readTime(text, offsetAt) }
}

/** Minutes east of UTC, at a time in milliseconds since 1970. */
type OffsetAt = (time: number) => number

const MINUTE_MS = 60_000
/** Offsets change at quarters of an hour at most. */
const QUARTER_MS = 15 * MINUTE_MS

/** `+02:00`, `+0200`, `-5`; `null` for a name. */
function fixedOffset(text: string): OffsetAt | null {
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d{1,2}):?([0-5]\d)?$/.exec(text) ?? []
  if (sign === undefined || Number(hours) > 14) return null
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return () => offset
}

function offsetOfZone(name: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  let last: { quarter: number; offset: number } = { quarter: NaN, offset: 0 }
  return (time) => {
    const quarter = Math.floor(time / QUARTER_MS)
    if (quarter !== last.quarter) last = { quarter, offset: offsetIn(format, quarter * QUARTER_MS) }
    return last.offset
  }
}

/** Of the part of a date that says `GMT+02:00`, or `GMT` alone. */
function offsetIn(format: Intl.DateTimeFormat, time: number): number {
  const zone = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return fixedOffset(zone.replace(/^GMT/, '').slice(0, 6))?.(time) ?? 0
}

function showTime(iso: string, offsetAt: OffsetAt): string {
  const [, whole, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(iso) ?? []
  if (whole === undefined) return iso
  const time = Date.parse(`${whole}Z`)
  const offset = offsetAt(time)
  return new Date(time + offset * MINUTE_MS).toISOString().slice(0, 19) + fraction + offsetText(offset)
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i

function readTime(text: string, offsetAt: OffsetAt): number | null {
  const [, date, clock = '00:00', seconds = ':00', zone] = WRITTEN.exec(text.trim()) ?? []
  if (date === undefined) return null
  const time = Date.parse(`${date}T${clock}${seconds}Z`)
  if (Number.isNaN(time)) return null
  if (zone !== undefined) return time - (fixedOffset(zone)?.(time) ?? 0) * MINUTE_MS
  // The offset of the result decides, which near a change differs from the one before.
  const guess = time - offsetAt(time) * MINUTE_MS
  return time - offsetAt(guess) * MINUTE_MS
}
