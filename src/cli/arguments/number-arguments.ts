import { InvalidArgumentError } from 'commander'
import { readBytes } from '../../report/choose/matchers.js'

/** Most numbers that one option may contain. */
const MOST = 100_000

/** Parser of an option that takes numbers and ranges, `1,4,7-9`, and may be repeated. */
export function numberList(least: number, most: number): (text: string, before?: number[]) => number[] {
  return (text, before = []) => {
    const numbers = [...before]
    for (const part of text.split(',')) {
      const [, first, last = first] = /^\s*(\d{1,15})(?:-(\d{1,15}))?\s*$/.exec(part) ?? []
      const [from, to] = [Number(first), Number(last)]
      if (!(from >= least && from <= to && to <= most)) {
        throw new InvalidArgumentError(`Give numbers from ${least} to ${most}, as in 3 or 1,4,7-9.`)
      }
      if (numbers.length + to - from >= MOST) throw new InvalidArgumentError(`Give at most ${MOST} numbers.`)
      for (let number = from; number <= to; number++) numbers.push(number)
    }
    return numbers
  }
}

/** Parser of an option that takes one positive number. */
export function positiveNumber(text: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (number < 1) throw new InvalidArgumentError('Give a whole number, at least 1.')
  return number
}

/** Parser of an option that takes a range of ports of data connections, `50000-50100`. */
export function portRange(text: string): { low: number; high: number } {
  const [, first, last] = /^\s*(\d{1,5})-(\d{1,5})\s*$/.exec(text) ?? []
  const [low, high] = [Number(first), Number(last)]
  if (!(low >= 1024 && low <= high && high <= 65535)) {
    throw new InvalidArgumentError('Give the first and the last port, from 1024 to 65535, as in 50000-50100.')
  }
  return { low, high }
}

/** Parser of an option that takes a size, `500`, `20kB` or `4GiB`. */
export function byteSize(text: string): number {
  const bytes = readBytes(text)
  if (bytes === null) throw new InvalidArgumentError('Give a size, as in 500, 20kB, 1.5MB or 4GiB.')
  return Math.floor(bytes)
}
