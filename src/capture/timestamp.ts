import { type Epoch, SECOND_NS } from './time.js'

export const TWO_32 = 4_294_967_296
const TWO_16 = 65_536
/** 10^9 = 2^9 × 1,953,125: with the odd factor, a 32-bit fraction is converted to nanoseconds within 53 bits. */
const ODD_FACTOR = 1_953_125
/** `if_tsresol`: the top bit says that the rest is a power of two, not of ten. */
const BINARY = 0x80
const POWER = 0x7f
/** Nanoseconds are the finest precision kept. */
const DIGITS = 9
/** Finer resolutions than these cannot count to a whole second in 64 bits; no real clock has one. */
const FINEST_DECIMAL = 20
const FINEST_BINARY = 63

/**
 * Converts a 64-bit count of pcapng's `if_tsresol` units to seconds and nanoseconds (rounded down), exactly and without
 * BigInt. Used for an interface's first frame and for units that are not an integer number of nanoseconds.
 *
 * @param resolution the option's byte: 10^-n, or 2^-n when the top bit is set (draft-ietf-opsawg-pcapng §4.2)
 */
export function readTimestamp(resolution: number, high: number, low: number): Epoch {
  const power = resolution & POWER
  return resolution & BINARY ? readBinary(power, high, low) : readDecimal(power, high, low)
}

/** Digits after the decimal point at this resolution. */
export function timestampDigits(resolution: number): number {
  const power = resolution & POWER
  return Math.min(DIGITS, resolution & BINARY ? Math.ceil(power * Math.log10(2)) : power)
}

function readDecimal(power: number, high: number, low: number): Epoch {
  if (power <= DIGITS) {
    const units = 10 ** power
    const { quotient, remainder } = divide(high, low, units)
    return { seconds: quotient.high * TWO_32 + quotient.low, nanoseconds: remainder * 10 ** (DIGITS - power) }
  }
  if (power > FINEST_DECIMAL)
    return { seconds: 0, nanoseconds: Math.floor((high * TWO_32 + low) / 10 ** (power - DIGITS)) }
  const { quotient: nanoseconds } = divide(high, low, 10 ** (power - DIGITS))
  const { quotient, remainder } = divide(nanoseconds.high, nanoseconds.low, SECOND_NS)
  return { seconds: quotient.high * TWO_32 + quotient.low, nanoseconds: remainder }
}

function readBinary(power: number, high: number, low: number): Epoch {
  if (power <= 32) {
    const unit = 2 ** power
    const fraction = low % unit
    return {
      seconds: high * 2 ** (32 - power) + Math.floor(low / unit),
      nanoseconds: Math.floor((fraction * ODD_FACTOR) / 2 ** (power - 9)),
    }
  }
  if (power > FINEST_BINARY)
    return { seconds: 0, nanoseconds: Math.floor((high * TWO_32 + low) * 2 ** -power * SECOND_NS) }
  // The fraction has more than 32 bits: its upper 32, and the rest.
  const unit = 2 ** (power - 32)
  const upper = (high % unit) * 2 ** (64 - power) + Math.floor(low / unit)
  const rest = Math.floor(((low % unit) * ODD_FACTOR) / unit)
  return { seconds: Math.floor(high / unit), nanoseconds: Math.floor((upper * ODD_FACTOR + rest) / 2 ** 23) }
}

/** Long division of a 64-bit number, 16 bits at a time so that every step is exact for divisors below 2^37. */
function divide(high: number, low: number, divisor: number) {
  const top = high % divisor
  const middle = top * TWO_16 + (low >>> 16)
  const bottom = (middle % divisor) * TWO_16 + (low & 0xffff)
  return {
    quotient: {
      high: Math.floor(high / divisor),
      low: Math.floor(middle / divisor) * TWO_16 + Math.floor(bottom / divisor),
    },
    remainder: bottom % divisor,
  }
}
