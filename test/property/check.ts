import fc from 'fast-check'

/** The slow run tries all cases of a property (`vitest.config.ts` sets this). */
const TRIES_ALL = process.env['FTPSCOPE_CASES'] === 'all'

/**
 * How many cases of a property this run tries. Files named `*.property.test.ts` are in both runs; others have one
 * number.
 */
export function cases(ofQuickRun: number, ofSlowRun: number): number {
  return TRIES_ALL ? ofSlowRun : ofQuickRun
}

/**
 * Runs a property with the same cases every time; `FTPSCOPE_SEED` selects others. fast-check prints seed and path of a
 * failure.
 */
export function check<Values>(property: fc.IProperty<Values>, runs = 100): void {
  fc.assert(property, parametersOf(runs))
}

/** The same for a property that awaits something. */
export function checkAsync<Values>(property: fc.IAsyncProperty<Values>, runs = 100): Promise<void> {
  return fc.assert(property, parametersOf(runs))
}

function parametersOf<Values>(runs: number): fc.Parameters<Values> {
  return { numRuns: runs, seed: Number(process.env['FTPSCOPE_SEED'] ?? 959) }
}
