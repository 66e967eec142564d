import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { captureAt } from '../paths/split.js'
import type { ComparisonReport } from '../../src/report/compare/contract.js'
import { SCENES } from '../property/scenes.js'
import { ftpscope } from './support.js'

const CLIENT = '192.168.1.10'
const scene = SCENES['failing']!().packets
const near = captureAt(scene, CLIENT, { name: '', away: 0, hops: 0 }).bytes
const far = captureAt(scene, CLIENT, {
  ...{ name: '', away: 3, hops: 2, clock: { seconds: 9, ppm: 0 } },
  change: (packet) => (packet.destination === '10.0.0.21' ? [] : [packet]),
}).bytes
const files = { 'near.pcap': [near], 'far.pcap': [far], 'text.txt': ['not a capture'] }

describe('ftpscope compare', () => {
  it('prints what became of the connections of two places, with a column for each', async () => {
    const { status, out, err } = await ftpscope(['compare', 'far.pcap', 'near.pcap'], { files })
    expect([status, err]).toEqual([0, ''])
    expect(out).toContain('1 connection in common')
    expect(out).toContain('8 lost')
    expect(out).toMatch(/near\.pcap {5,}far\.pcap/)
    expect(out).toMatch(/#11│── SYN ─+✗ +│/)
    expect(out).toMatch(/Clock of far\.pcap: 9 s ahead of that of near\.pcap ± 3 ms/)
    expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
  })

  it('prints the same whatever the order of the files', async () => {
    for (const format of ['text', 'json']) {
      const argv = ['compare', '--format', format]
      const one = await ftpscope([...argv, 'far.pcap', 'near.pcap'], { files })
      const other = await ftpscope([...argv, 'near.pcap', 'far.pcap'], { files })
      expect(one.out).toBe(other.out)
    }
  })

  it('prints JSON with the fates of each connection', async () => {
    const { out } = await ftpscope(['compare', '--format', 'json', 'near.pcap', 'far.pcap'], { files })
    expect(JSON.parse(out)).toMatchObject({
      schema: 'ftpscope-compare/1',
      summary: { fates: { lost: 8, injected: 0, changed: 0 } },
    })
  })

  it('reads a control connection under TLS with a key log, and so knows its data connection', async () => {
    const sample = new URL('../../samples/lab/ftps-passive-private-address.client', import.meta.url)
    const bytes = new Uint8Array(readFileSync(new URL(`${sample.href}.pcap`)))
    const here = { 'a.pcap': [bytes], 'b.pcap': [bytes] }
    const argv = ['compare', '--format', 'json', 'a.pcap', 'b.pcap']
    const kinds = async (...more: string[]): Promise<string[]> => {
      const { out, err } = await ftpscope([...argv, ...more], { files: here })
      expect(err).toBe('')
      return (JSON.parse(out) as ComparisonReport).paths.map(({ kind }) => kind)
    }
    expect(await kinds()).toEqual(['control'])
    expect(await kinds('--keylog', fileURLToPath(`${sample.href}.keys`))).toEqual(['control', 'data'])
  })

  it.each([
    [['compare'], /Specify the captures to compare/],
    [['compare', 'near.pcap'], /near\.pcap is of one place/],
    [['compare', 'near.pcap', 'missing.pcap'], /Cannot read missing\.pcap/],
    [['compare', 'near.pcap', 'text.txt'], /text\.txt/],
    [['compare', 'near.pcap', 'far.pcap', '--format', 'csv'], /--format csv is not available for compare/],
    [['compare', '-', '-'], /Standard input can be only one/],
  ])('fails with one line for %j', async (argv, message) => {
    const { status, out, err } = await ftpscope(argv, { files })
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n').length).toBe(1)
  })
})
