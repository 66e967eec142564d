/** A point in time as captures store it: seconds since 1970-01-01T00:00:00Z and nanoseconds, 0 to 999,999,999. */
export interface Epoch {
  seconds: number
  nanoseconds: number
}

/** A second in nanoseconds. */
export const SECOND_NS = 1_000_000_000

/** From `a` to `b`. */
export function nanosecondsBetween(a: Epoch, b: Epoch): number {
  return (b.seconds - a.seconds) * SECOND_NS + (b.nanoseconds - a.nanoseconds)
}

const MILLISECOND_NS = 1_000_000
/** 0000-01-01 and the last second of 9999: the years that ISO 8601 and RFC 3339 can write. */
const EARLIEST_SECOND = -62_167_219_200
const LATEST_SECOND = 253_402_300_799

/**
 * The time `time` nanoseconds after `epoch` as ISO 8601 UTC with `digits` (0 to 9) decimals, truncated.
 * A time outside the years 0 to 9999, as in damaged captures, is shown as the nearest time within them.
 */
export function isoTime(epoch: Epoch, time: number, digits: number): string {
  const sum = epoch.nanoseconds + time
  const carry = Math.floor(sum / SECOND_NS)
  let seconds = epoch.seconds + carry
  let nanoseconds = Math.floor(sum - carry * SECOND_NS)
  if (!(seconds >= EARLIEST_SECOND)) [seconds, nanoseconds] = [EARLIEST_SECOND, 0]
  else if (seconds > LATEST_SECOND) [seconds, nanoseconds] = [LATEST_SECOND, SECOND_NS - 1]
  const whole = wholeSecond(seconds)
  return digits === 0 ? `${whole.slice(0, -1)}Z` : whole + fraction(nanoseconds, digits)
}

/** 000 to 999, and the same at the end of a time. */
const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))
const LAST_DIGITS = THREE_DIGITS.map((digits) => `${digits}Z`)

function fraction(nanoseconds: number, digits: number): string {
  const microseconds = Math.floor(nanoseconds / 1000)
  const milliseconds = THREE_DIGITS[Math.floor(microseconds / 1000)]!
  if (digits === 6) return milliseconds + LAST_DIGITS[microseconds % 1000]!
  return `${(milliseconds + THREE_DIGITS[microseconds % 1000]! + THREE_DIGITS[nanoseconds % 1000]!).slice(0, digits)}Z`
}

/** The last second printed: times are asked for session by session, and many of them fall into the same second. */
const latest = { seconds: NaN, text: '' }

/** With the dot after it. */
function wholeSecond(seconds: number): string {
  if (seconds !== latest.seconds) {
    latest.seconds = seconds
    latest.text = new Date(seconds * 1000).toISOString().slice(0, 20)
  }
  return latest.text
}

/** No timeout is longer than this, so a capture whose last frame is older is not live. */
const LONGEST_PAUSE_NS = 600 * SECOND_NS

/**
 * `now` (milliseconds since 1970) as nanoseconds since the first frame, if it falls into a pause after the frame at
 * time `latest`; `null` for a capture that is not live.
 */
export function timeInPause(epoch: Epoch, now: number, latest: number): number | null {
  const time = (now - epoch.seconds * 1000) * MILLISECOND_NS - epoch.nanoseconds
  return time > latest && time < latest + LONGEST_PAUSE_NS ? time : null
}

/** Prints the times of one input: its epoch and its precision. */
export class Clock {
  readonly epoch: Epoch
  readonly digits: number

  constructor(epoch: Epoch, digits: number) {
    this.epoch = epoch
    this.digits = digits
  }

  /** `time` in nanoseconds since the first frame. */
  iso(time: number): string {
    return isoTime(this.epoch, time, this.digits)
  }
}
