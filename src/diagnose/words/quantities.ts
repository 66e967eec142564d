/** Numbers as reports write them. */
import { byteCount } from '../../bytes/byte-count.js'

/** Nanoseconds as seconds: `7.0 s`, `0.25 s`. */
export function seconds(nanoseconds: number): string {
  const value = nanoseconds / 1e9
  return `${value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} s`
}

/** Nanoseconds in a suitable unit: `0.4 ms`, `35 ms`, `2.5 s`. */
export function duration(nanoseconds: number): string {
  if (nanoseconds >= 1e9) return seconds(nanoseconds)
  return `${(nanoseconds / 1e6).toFixed(nanoseconds < 10e6 ? 1 : 0)} ms`
}

export { byteCount }

/** `2048 bytes`, `1.5 MB`: decimal units. */
export function amount(bytes: number): string {
  if (bytes < 10_000) return byteCount(Math.round(bytes))
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

export function percent(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (100 * part) / whole
  return `${share >= 10 ? share.toFixed(0) : share.toFixed(1)} %`
}

/** `1 time`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? '1 time' : `${count} times`
}
