/**
 * The program reads small files that decompress to a lot, in a process with little heap, and reports its peak memory.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join as joinBytes, pcap } from '../capture/build.js'
import { ROOT } from '../support/captures.js'
import { rawBlock, runBlock, zstdFrame } from './zstd-data.js'

const MIB = 2 ** 20
/** Decompressed size of the bombs in MiB: more than the process may use in total. */
const HELD = Number(process.env['FTPSCOPE_BOMB_MIB'] ?? 384)
const EMPTY_FRAMES = /ethernet header at offset 0 needs 14 bytes,\s+available 0/
const TOO_LONG = /record at offset 24 is damaged: it claims 4294967295\s+captured bytes, limit 262144/
/** MiB, of which at most 256 are heap; the rest is buffers, code and Node itself. */
const MOST_MEMORY = 300
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nrss "+process.resourceUsage().maxRSS))'

/** The header of a record that claims 4 GiB, far more than a frame can have. */
const endless = joinBytes(pcap([]), new Uint8Array(8), new Uint8Array(8).fill(0xff))

function gzipBomb(start: Uint8Array): Uint8Array {
  const zeros = gzipSync(new Uint8Array(64 * MIB))
  return joinBytes(gzipSync(start), ...Array.from({ length: HELD / 64 }, () => zeros))
}

function zstdBomb(start: Uint8Array): Uint8Array {
  const zeros = runBlock(0, 128 * 1024)
  const blocks = Array.from({ length: HELD * 8 }, () => zeros)
  return zstdFrame([rawBlock(start), ...blocks, runBlock(0, 16, true)])
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('A bomb', () => {
  it.each([
    ['gzip of empty frames', gzipBomb(pcap([])), EMPTY_FRAMES],
    ['zstd of empty frames', zstdBomb(pcap([])), EMPTY_FRAMES],
    ['gzip of an endless frame', gzipBomb(endless), TOO_LONG],
    ['zstd of an endless frame', zstdBomb(endless), TOO_LONG],
  ])('in %s is read in bounded memory, with an anomaly', (_name, bytes, says) => {
    const file = join(folder, 'bomb.pcap')
    writeFileSync(file, bytes)
    expect(bytes.length * 500).toBeLessThan(HELD * MIB)
    const argv = ['--max-old-space-size=256', '--import', 'tsx', '--import', TELL_MEMORY, 'src/cli/main.ts', file]
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('No FTP sessions found.')
    expect(stdout).toMatch(says)
    const memory = Number(/^rss (\d+)$/m.exec(stderr)?.[1]) / 1024
    expect(memory).toBeGreaterThan(1)
    expect(memory).toBeLessThan(MOST_MEMORY)
  })
})
