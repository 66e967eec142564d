/** Spreadsheets differ in the separator that they expect, by locale: no cell is a formula for any of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS, ROW_KINDS } from '../../src/report/format.js'
import { csvReport } from '../../src/report/csv/report.js'
import { check } from '../property/check.js'
import { analysis, hostileSession } from './fixtures.js'
import { parseCsv } from './parse-csv.js'

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/**
 * Reads as spreadsheets do, which accept whatever comes: quotes count at the start of a cell only, and what follows the
 * closing one belongs to the cell. With `quotes` false they are characters like any other.
 */
function cellsOf(text: string, separator: string, quotes: boolean): string[] {
  const cells: string[] = []
  let cell = ''
  let inside = false
  let begins = true
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (inside) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else inside = false
      continue
    }
    if (character === '"' && quotes && begins) inside = true
    else if (character === separator || character === '\r' || character === '\n') {
      cells.push(cell)
      cell = ''
      begins = true
      continue
    } else cell += character
    begins = false
  }
  return [...cells, cell]
}

/** Separator, and whether quotes count; who knows that commas separate knows quotes, too. */
const READERS = [
  [';', true],
  [';', false],
  ['\t', true],
  ['\t', false],
  [',', true],
] as const

function reports(text: string): string[] {
  const value = analysis([hostileSession(text)], { findings: hostileSession(text).findings })
  return ROW_KINDS.map((rows) => [...csvReport({ ...DEFAULT_OPTIONS, rows }).end(value)].join(''))
}

function expectInert(text: string): void {
  for (const report of reports(text)) {
    expect(report.charCodeAt(0)).not.toBe(0xfeff)
    expect(
      parseCsv(report)
        .flat()
        .filter((cell) => FORMULA.test(cell)),
    ).toEqual([])
    for (const [separator, quotes] of READERS) {
      expect(cellsOf(report, separator, quotes).filter((cell) => FORMULA.test(cell))).toEqual([])
    }
  }
}

describe('a CSV report', () => {
  it.each([
    "x;\"=cmd|'/c calc'!A0;y",
    ';=1',
    '; "=1',
    'x;""=1',
    'x;"" =1',
    'x;"""=1";"=2',
    `x;"'"=1`,
    'x";=1;"=2',
    '=1',
    '\t=1',
    '"=1',
    '" \t"=1',
    '\ufeff=1',
    ';\ufeff"=1',
    'x\r\n=1',
    'x\n;"\uff1d1',
    '-1+1',
    '@SUM(A1);"+1;-1',
    "x;'=1",
  ])('has no formula for readers of semicolons, commas or tabs: %j', (text) => {
    expectInert(text)
  })

  it('has none, whatever the name', () => {
    const pieces = [';', '"', '""', '=', '+', '-', '@', ' ', '\t', '\n', ',', "'", 'x', '1', '\ufeff', '|']
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''))
    check(fc.property(text, expectInert), 100)
  })
})
