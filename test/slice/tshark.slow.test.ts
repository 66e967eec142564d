/** Wireshark as the judge of what is written: the same packets, at the same times, with comments. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { displayFilters } from '../../src/slice/display-filters.js'
import { frameNotes } from '../../src/slice/frame-notes.js'
import { luaDissector } from '../../src/slice/lua-dissector.js'
import { captures, keysOf, SAMPLES } from '../support/captures.js'
import { hasTshark } from '../support/tshark.js'
import { ALL, analyzedBytes, annotated, copied, sliced } from './copies.js'

const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function tshark(file: string, ...arguments_: string[]): string[] {
  const output = execFileSync('tshark', ['-r', file, ...arguments_], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 30,
  })
  return output.split('\n').filter((line) => line !== '')
}

function written(bytes: Uint8Array | string, name = 'copy.pcapng'): string {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

const fields = (...names: string[]) => ['-T', 'fields', ...names.flatMap((name) => ['-e', name])]
/** What must not change: times, lengths, and the bytes, by their sum. */
const PACKETS = fields('frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.md5_hash')
const HASHED = ['-o', 'frame.generate_md5_hash:TRUE', ...PACKETS]
/** A process of tshark takes half a second, and most captures have the same format: of these, some. */
const SHARE = 6
const FILES = captures()
  .filter((path) => !path.endsWith('.gz') && readFileSync(path).length < 2_000_000)
  .filter((path, index) => index % SHARE === 0 || path.endsWith('.pcapng'))

describe.skipIf(!hasTshark)('Wireshark', () => {
  it.each(FILES)('finds the packets of a copy and of an annotated one unchanged: %s', (path) => {
    const file = readFileSync(path)
    const before = tshark(path, ...HASHED)
    expect(tshark(written(copied(ALL, [file])), ...HASHED)).toEqual(before)
    expect(tshark(written(annotated([file]).copy), ...HASHED)).toEqual(before)
  })

  it.each(FILES.filter((path) => path.includes('/lab/')))('finds a slice in its capture: %s', (path) => {
    const keys = keysOf(path)
    const { copy } = sliced([readFileSync(path)], keys ? { keyLogs: [keys] } : {})
    const packet = (line: string) => line.replace(/^\d+\t/, '')
    const before = new Set(tshark(path, ...HASHED).map(packet))
    const after = tshark(written(copy), ...HASHED).map(packet)
    expect(after.length).toBeGreaterThan(0)
    expect(after.filter((line) => !before.has(line))).toEqual([])
  })

  it('shows comments, filters and the post-dissector', () => {
    const path = join(SAMPLES, 'lab/passive-private-address.client.pcap')
    const file = readFileSync(path)
    const analysis = analyzedBytes([file])
    const notes = frameNotes(analysis, analysis.sessions)
    const noted = [...new Set(notes.map(({ frame }) => String(frame)))]
    const copy = written(annotated([file]).copy)
    expect(tshark(copy, '-Y', 'frame.comment contains "ftpscope"', ...fields('frame.number'))).toEqual(noted)
    const lua = `lua_script:${written(luaDissector(notes), 'notes.lua')}`
    expect(tshark(path, '-X', lua, '-Y', 'ftpscope.session == 1', ...fields('frame.number'))).toEqual(noted)
    const filters = displayFilters(analysis, analysis.sessions)
      .split('\n')
      .filter((line) => /^[a-z]/.test(line))
    expect(filters.length).toBeGreaterThan(1)
    for (const filter of filters) expect(tshark(copy, '-Y', filter).length).toBeGreaterThan(0)
  })
})
