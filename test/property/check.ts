import fc from 'fast-check'

/** Runs a property with the same cases every time; `FTPSCOPE_SEED` looks elsewhere. fast-check prints seed and path of a failure. */
export function check<Values>(property: fc.IProperty<Values>, runs = 100): void {
  fc.assert(property, { numRuns: runs, seed: Number(process.env['FTPSCOPE_SEED'] ?? 959) })
}
