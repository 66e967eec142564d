import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { type Analysis, Analyzer, CaptureFormatError } from '../../src/index.js'
import { cases } from '../property/check.js'
import { randomOf } from '../property/disorder.js'
import { sampleCaptures, SAMPLES } from '../support/captures.js'
import { MUTATIONS } from './mutations.js'

const FIRST_SEED = Number(process.env['FTPSCOPE_SEED'] ?? 1)
/** Damaged copies of each sample by each mutation; raise it to search. */
const COPIES = Number(process.env['FTPSCOPE_COPIES'] ?? 1)
/** One sample of so many is damaged. */
const EVERY = cases(8, 1)
const FILE_HEADER = 24

const schema = JSON.parse(readFileSync(new URL('../../src/report/schema.json', import.meta.url), 'utf8')) as object
const isValid = new Ajv({ strict: true, strictRequired: true }).compile(schema)

const samples = sampleCaptures()
  .filter((path) => path.endsWith('.pcap'))
  .filter((_, index) => index % EVERY === 0)
  .map((path) => ({ name: relative(SAMPLES, path), bytes: new Uint8Array(readFileSync(path)) }))
  .filter(({ bytes }) => bytes[0] === 0xd4)

/** The analysis, or the error where the input is no capture at all. */
function outcomeOf(bytes: Uint8Array): Analysis | CaptureFormatError {
  const analyzer = new Analyzer()
  try {
    analyzer.openFile('damaged.pcap')
    analyzer.push(bytes)
    analyzer.closeFile()
  } catch (error) {
    if (error instanceof CaptureFormatError) return error
    throw error
  }
  return analyzer.end()
}

describe('A capture', () => {
  it.each(Object.entries(MUTATIONS))('with %s is analysed to a valid report', (_name, mutate) => {
    for (const { name, bytes } of samples) {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + COPIES; seed++) {
        const damaged = mutate(bytes, randomOf(seed))
        const which = `${name}, seed ${seed}`
        let outcome
        try {
          outcome = outcomeOf(damaged)
        } catch (error) {
          throw new Error(which, { cause: error })
        }
        if (outcome instanceof CaptureFormatError) {
          // Only where the file's own header is damaged or missing.
          const header = damaged.subarray(0, FILE_HEADER)
          expect(header.length < FILE_HEADER || header.some((byte, at) => byte !== bytes[at]), which).toBe(true)
        } else {
          expect(isValid(outcome), `${which}: ${JSON.stringify(isValid.errors?.[0])}`).toBe(true)
          const causes = outcome.sessions.map(({ verdict }) => verdict.outcome !== 'failed' || verdict.cause !== null)
          expect(causes, which).not.toContain(false)
        }
      }
    }
  })
})
