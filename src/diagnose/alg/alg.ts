/**
 * What ALGs (RFC 2663 §2.9), the FTP helpers of firewalls and NATs, do with an announcement according to their
 * published sources and manuals.
 */
import type { WireAnnouncement } from './wire-announcement.js'

/**
 * `recognized`: the data connection is allowed. `missed`: the announcement passes, but nothing is opened. `dropped`:
 * the segment is dropped. `closed`: the control connection is closed.
 */
export type Treatment = 'recognized' | 'missed' | 'dropped' | 'closed'

/** One entry of an ALG's table: the first that matches decides. */
interface AlgRule {
  when: (announcement: WireAnnouncement) => boolean
  treatment: Treatment
  why: string
  /** Tests the address, not the syntax: other findings report wrong addresses. */
  ofAddress?: boolean
}

export interface Alg {
  name: string
  /** File and functions, or manual, that the table is taken from. */
  source: string
  rules: readonly AlgRule[]
}

export interface Prediction {
  alg: Alg
  treatment: Treatment
  why: string
  ofAddress: boolean
}

export function predict(alg: Alg, announcement: WireAnnouncement): Prediction {
  const rule = alg.rules.find(({ when }) => when(announcement))
  return {
    alg,
    treatment: rule?.treatment ?? 'recognized',
    why: rule?.why ?? '',
    ofAddress: rule?.ofAddress ?? false,
  }
}

const FIRST_DIGITS = /\d[\d,]*/

/** The run of digits and commas from the first digit on, as simple parsers take it. */
export function firstNumbers(words: string): string {
  return FIRST_DIGITS.exec(words)?.[0] ?? ''
}

export function hasLargeOctet(text: string): boolean {
  return text.split(',').some((number) => Number(number) > 255)
}
