import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareInference, tally } from '../../lab/score/inference.js'
import { ROOT } from '../../support/captures.js'

const FOLDER = join(ROOT, 'test/tls/captures')
const NAMES = ['curl-tls13', 'curl-tls12', 'curl-implicit', 'lftp-tls12', 'lftp-tls13', 'curl-cbc']
const compared = (name: string) => compareInference(readFileSync(join(FOLDER, `${name}.pcapng`)))

describe('a dialogue under TLS between real programs', () => {
  it.each(NAMES)('%s: what is said of it without its keys is what the keys show', (name) => {
    const comparisons = compared(name)
    expect(comparisons.length).toBeGreaterThan(0)
    const { records, claims, right } = tally(comparisons, 0)
    expect(right).toBe(claims)
    // Within a block, several texts of a server are alike.
    expect(claims / records).toBeGreaterThan(name === 'curl-cbc' ? 0.5 : 0.7)
  })

  it('the length of a password is not among it', () => {
    for (const { session } of NAMES.flatMap(compared)) {
      const passwords = session.inferred!.inference.records.filter(({ command }) => command === 'PASS')
      expect(passwords.length).toBeGreaterThan(0)
      for (const { bytes } of passwords) expect(bytes).toBeNull()
    }
  })
})
