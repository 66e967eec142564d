const BETWEEN_THOUSANDS = /\B(?=(?:\d{3})+$)/g

/**
 * Whole numbers with thousands separated: 1,284. Not by `toLocaleString`, whose first call takes longer than a short
 * analysis.
 */
export function count(value: number): string {
  return value < 1000 ? String(value) : String(value).replace(BETWEEN_THOUSANDS, ',')
}

/** "1 session", "2 sessions". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** Milliseconds in the most readable unit: 0.3 ms, 12.4 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(milliseconds: number): string {
  if (milliseconds < 0) return `-${duration(-milliseconds)}`
  if (milliseconds < 1000) return `${rounded(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 59.95) return `${rounded(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(minutes / 60)
  return `${count(Math.floor(hours / 24))} d ${hours % 24} h`
}

/** Bytes in powers of ten, as disks and links count them: 817 bytes, 1.5 MB. */
export function bytes(value: number): string {
  if (value < 1000) return plural(value, 'byte')
  const units = ['kB', 'MB', 'GB', 'TB']
  let scaled = value / 1000
  let unit = 0
  while (scaled >= 999.95 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  return `${rounded(scaled)} ${units[unit]!}`
}

/** One decimal below 100, none above. */
function rounded(value: number): string {
  return value < 99.95 ? String(Math.round(value * 10) / 10) : count(Math.round(value))
}
