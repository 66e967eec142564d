import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ftpscopeOn } from '../../cli/real.js'
import { compareExtracted } from './extracted.js'

/** Where `npm run lab` wrote its captures. */
const RUN = process.env['FTPSCOPE_LAB_RUN']

describe.skipIf(!RUN)('files extracted from the captures of a lab run (FTPSCOPE_LAB_RUN)', () => {
  it('have the bytes of those of the servers and clients, where they are called complete', async () => {
    const folders = readdirSync(RUN!).map((name) => join(RUN!, name))
    const runs = folders.filter((folder) => existsSync(join(folder, 'truth.json')))
    const extract = async (argv: readonly string[]) => (await ftpscopeOn(['extract', ...argv])).out
    const rows = []
    for (const folder of runs) rows.push(...(await compareExtracted(folder, extract)))
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.filter(({ right }) => !right)).toEqual([])
  })
})
