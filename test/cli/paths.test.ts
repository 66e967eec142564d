import { describe, expect, it } from 'vitest'
import { twoPlaces } from '../report/path-fixtures.js'
import { ftpscope } from './support.js'

describe('--session of a session that several places saw', () => {
  it.each(['text', 'markdown', 'csv', 'json', 'ndjson'])('takes the id at any place, as %s', async (format) => {
    const outputs = []
    for (const id of ['1', '2', '1,2']) {
      const argv = ['--format', format, '--session', id, 'a.pcap']
      const { status, out, err } = await ftpscope(argv, { analysis: twoPlaces() })
      expect([status, err]).toEqual([0, ''])
      outputs.push(out)
    }
    expect(outputs[0]).toContain('alice')
    expect(outputs[0]).not.toContain('bob')
    expect(new Set(outputs).size).toBe(1)
  })

  it('names an id that no place has', async () => {
    const { status, err } = await ftpscope(['--format', 'csv', '--session', '2,7', 'a.pcap'], { analysis: twoPlaces() })
    expect([status, err]).toEqual([0, 'ftpscope: No session 7\n'])
    const none = await ftpscope(['--format', 'csv', '--session', '7', 'a.pcap'], { analysis: twoPlaces() })
    expect([none.status, none.err]).toEqual([2, 'ftpscope: No session 7: the capture contains 2 sessions\n'])
  })

  it.each(['text', 'csv'])('ends with 1 for its findings with --fail-on, as %s', async (format) => {
    const argv = ['--format', format, '--fail-on', 'error', '--session']
    const failed = await ftpscope([...argv, '2', 'a.pcap'], { analysis: twoPlaces() })
    const worked = await ftpscope([...argv, '3', 'a.pcap'], { analysis: twoPlaces() })
    expect([failed.status, worked.status]).toEqual([1, 0])
  })
})
