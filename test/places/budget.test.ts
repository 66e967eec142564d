import { expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import { captureAt } from '../paths/split.js'
import { SCENES } from '../property/scenes.js'

it('Packets of a place beyond its share of the memory are not compared, and that is told', () => {
  const { packets } = SCENES['passive']!()
  const client = packets[0]!.source
  const names = ['near.pcap', 'far.pcap']
  // Each place has its share, whether or not its files come.
  const others = Array.from({ length: 40_000 }, (_, at) => [`${at}.pcap`])
  const analyzer = new Analyzer({}, null, { places: [...names.map((name) => [name]), ...others] })
  for (const [at, name] of names.entries()) {
    analyzer.openFile(name)
    analyzer.push(captureAt(packets, client, { name, away: at, hops: at }).bytes)
    analyzer.closeFile()
  }
  const kinds = analyzer.end().capture.anomalies.map(({ kind }) => kind)
  expect(kinds).toContain('places-packets-full')
})
