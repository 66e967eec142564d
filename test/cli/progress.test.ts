import { describe, expect, it } from 'vitest'
import { Progress } from '../../src/cli/terminal/progress.js'
import type { Input } from '../../src/input/input.js'
import { Collector, none } from './support.js'

/** What a terminal showed while an input was read, 1 MB every half second. */
function shown(stream: Collector, part: Partial<Input>): string[] {
  let now = 0
  const progress = new Progress(stream, () => now)
  const input: Input = {
    path: '-',
    compression: null,
    size: null,
    bytesRead: 0,
    chunks: none(),
    failure: null,
    ...part,
  }
  progress.start(input)
  for (let at = 0; at < 5; at++) {
    now += 500
    input.bytesRead += 1_000_000
    progress.update()
  }
  progress.clear()
  return stream.text.split('\r\u001b[K').slice(1)
}

describe('Progress', () => {
  it('shows bytes and rate of a pipe, only after a second, and removes its line', () => {
    expect(shown(new Collector({ isTTY: true, columns: 100 }), {})).toEqual([
      '-  2 MB  2 MB/s',
      '-  3 MB  2 MB/s',
      '-  4 MB  2 MB/s',
      '-  5 MB  2 MB/s',
      '',
    ])
  })

  it('shows a bar, the share and the time left of a file', () => {
    const lines = shown(new Collector({ isTTY: true, columns: 100 }), { path: 'x.pcap.gz', size: 10_000_000 })
    expect(lines.at(-2)).toBe('x.pcap.gz  ██████████░░░░░░░░░░ 50 % of 10 MB  2 MB/s  3 s left')
  })

  it('is silent without a terminal', () => {
    expect(shown(new Collector(), {})).toEqual([])
  })

  it('prints no control characters of a file name', () => {
    const [line] = shown(new Collector({ isTTY: true, columns: 100 }), { path: 'a\u001b[2J' })
    expect(line).toMatch(/^a\\x1b\[2J {2}/)
  })
})
