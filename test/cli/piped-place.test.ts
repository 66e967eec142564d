import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Analysis } from '../../src/report/contract.js'
import { captureAt } from '../paths/split.js'
import { SCENES } from '../property/scenes.js'
import { clonePacket } from '../support/scene-packet.js'
import { ftpscopeOn } from './real.js'

const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const { packets } = SCENES['passive']!()

/** A file of a place that is so far away, with a clock that is ahead. */
function captured(name: string, hops: number, seconds = 0): string {
  const place = { name, away: hops, hops, clock: { seconds, ppm: 0 } }
  const path = join(folder, name)
  // A packet long after: captures that overlap by less than a second may be rotated.
  const last = packets.find(({ tcp }) => tcp !== null)!
  const tcp = { ...last.tcp!, sourcePort: 60_000, destinationPort: 443, sequence: 7 }
  const later = clonePacket(last, { tcp, time: last.time + 10e9 })
  writeFileSync(path, captureAt([...packets, later], packets[0]!.source, place).bytes)
  return path
}

it('A pipe beside a file is joined with it if both were captured at the same time', async () => {
  const [near, far] = [captured('near.pcap', 0), captured('far.pcap', 2, 0.5)]
  const { status, out, err } = await ftpscopeOn(['--format', 'json', '-', far], { stdin: near })
  expect([status, err]).toEqual([0, ''])
  const { summary, sessions, paths } = JSON.parse(out) as Analysis
  expect([summary.sessions, sessions.length]).toEqual([1, 2])
  expect(paths!.map(({ places }) => places.map(({ file }) => file))).toEqual([['standard input', far]])
})

it('A pipe that was captured after a file continues it', async () => {
  const [early, late] = [captured('early.pcap', 0), captured('late.pcap', 0, 600)]
  const { out } = await ftpscopeOn(['--format', 'json', early, '-'], { stdin: late })
  const { summary, paths } = JSON.parse(out) as Analysis
  expect([summary.sessions, paths]).toEqual([2, undefined])
})
