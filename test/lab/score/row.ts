import type { Expectation } from '../scenario.js'
import type { ContentRow } from './content.js'
import type { Judgement } from './judge.js'

/** One capture on the scoreboard. */
export interface Row {
  readonly scenario: string
  readonly vantage: string
  readonly expected: Expectation
  readonly judgement: Judgement | null
  /** Why there is no judgement. */
  readonly error?: string
}

/** The captures of several places, analyzed together. */
export interface PlacesRow extends Row {
  /** Each control connection is one session. */
  readonly once: boolean
  /** All sessions of a path have one verdict. */
  readonly agreed: boolean
  /** What the verdict asks to be captured though it was; `null` if it asks for nothing of that. */
  readonly asks: string | null
}

/** Everything that was judged. */
export interface Board {
  /** The captures of the catalogue. */
  readonly rows: readonly Row[]
  /** Cut, converted and mixed copies of some of them. */
  readonly derived: readonly Row[]
  /** Several captures of each scenario together. */
  readonly places: readonly PlacesRow[]
  /** Servers, clients and networks combined in other ways. */
  readonly others: readonly Row[]
  /** Those captures under TLS of which the keys are there, analysed with them. */
  readonly keyed: readonly Row[]
  /** Files in them, compared with those on the server. */
  readonly contents: readonly ContentRow[]
}

export interface Totals {
  readonly captures: number
  readonly seen: number
  readonly outcome: number
  readonly cause: number
  readonly both: number
  readonly unseen: number
  readonly unseenRight: number
  readonly sides: number
  readonly sidesRight: number
  readonly counted: number
  readonly countedRight: number
  /** Captures that must hold findings beside the verdict, and those that do. */
  readonly named: number
  readonly namedRight: number
  readonly healthy: number
  readonly alarmed: number
  readonly misleading: number
}

export const isRight = (row: Row | PlacesRow): boolean => {
  const { judgement } = row
  return (
    judgement !== null &&
    judgement.outcome &&
    judgement.cause &&
    judgement.falseAlarms.length === 0 &&
    judgement.absent.length === 0 &&
    togetherIsRight(row)
  )
}

function togetherIsRight(row: Row | PlacesRow): boolean {
  return !('once' in row) || (row.agreed && (row.asks === null || !row.once))
}

/** A box can change everything by which a refused SYN is recognized. So many rows have to be one session. */
const LEAST_RECOGNIZED = 0.98

/** Whether captures of several places were recognized as such, nearly always. */
export function areRecognized(rows: readonly PlacesRow[]): boolean {
  return rows.filter(({ once }) => once).length >= LEAST_RECOGNIZED * rows.length
}

export function totalsOf(rows: readonly Row[]): Totals {
  const count = (test: (row: Row, judgement: Judgement) => boolean): number =>
    rows.filter((row) => row.judgement !== null && test(row, row.judgement)).length
  const seen = rows.filter(({ expected }) => expected.visible !== false)
  const visible = ({ expected }: Row): boolean => expected.visible !== false
  const healthy = ({ expected }: Row): boolean => visible({ expected } as Row) && expected.outcome === 'ok'
  return {
    captures: rows.length,
    seen: seen.length,
    outcome: count((row, { outcome }) => visible(row) && outcome),
    cause: count((row, { cause }) => visible(row) && cause),
    both: count((row, { outcome, cause }) => visible(row) && outcome && cause),
    unseen: rows.length - seen.length,
    unseenRight: count((row, { misleading }) => !visible(row) && !misleading),
    sides: count((_, { side }) => side !== null),
    sidesRight: count((_, { side }) => side === true),
    counted: count((_, { transfers }) => transfers !== null),
    countedRight: count((_, { transfers }) => transfers === true),
    named: count(({ expected }) => (expected.findings ?? []).length > 0),
    namedRight: count(({ expected }, { absent }) => (expected.findings ?? []).length > 0 && absent.length === 0),
    healthy: rows.filter(healthy).length,
    alarmed: count((row, { falseAlarms }) => healthy(row) && falseAlarms.length > 0),
    misleading: count((_, { misleading }) => misleading),
  }
}

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
