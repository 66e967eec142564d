/** The rules on the capture as a whole. */
import { describe, expect, it } from 'vitest'
import type { CaptureFile } from '../../src/capture/capture-file.js'
import type { CaptureFacts, CaptureRule } from '../../src/diagnose/capture/capture-rule.js'
import { CaptureTally } from '../../src/diagnose/capture/capture-tally.js'
import type { Fact } from '../../src/diagnose/rule.js'
import { captureDuplicates } from '../../src/diagnose/rules/capture/capture-duplicates.js'
import { captureIncompleteFile } from '../../src/diagnose/rules/capture/capture-incomplete-file.js'
import { captureSnapLength } from '../../src/diagnose/rules/capture/capture-snap-length.js'
import { observeCapture } from './observe.js'

const file = { path: 'a.pcap', failure: null, snapLength: 262_144, frames: 30, firstFrame: 1, lastFrame: 30 }
const whole: CaptureFacts = {
  files: [file],
  snappedFrames: { count: 0, firstFrame: null },
  duplicates: { packets: 30, duplicates: 0, firstFrame: null },
}

function check<F extends Fact>(rule: CaptureRule<F>, facts: Partial<CaptureFacts>) {
  return observeCapture(rule, { ...whole, ...facts })
}

describe('Rules on the capture as a whole', () => {
  it('say nothing of a whole capture', () => {
    const rules: readonly CaptureRule[] = [captureIncompleteFile, captureSnapLength, captureDuplicates]
    for (const rule of rules) expect(check(rule, {})).toEqual([])
  })
})

describe('capture-incomplete-file', () => {
  const failure = { offset: 900, reason: 'record cut at byte 900' }

  it('names the file that is cut off, its last frame, and why', () => {
    const [found] = check(captureIncompleteFile, { files: [{ ...file, failure }] })
    expect(found).toMatchObject({
      fact: { kind: 'incomplete-file', path: 'a.pcap', frames: 30, lastFrame: 30, ...failure },
      severity: 'warning',
      evidence: [{ frame: 30, note: 'last frame that could be read from a.pcap' }],
    })
    expect(found?.message).toContain('after frame 30 (record cut at byte 900); 30 frames were read')
  })

  it('tells of each file why, and leaves out one without frames', () => {
    const second = { path: 'b.pcap', failure: { offset: 24, reason: 'record cut at byte 24' }, frames: 1 }
    const found = check(captureIncompleteFile, {
      files: [
        { ...file, failure },
        { ...file, ...second, firstFrame: 31, lastFrame: 31 },
        { ...file, failure, path: 'c.pcap', frames: 0, firstFrame: null, lastFrame: null },
      ],
    })
    expect(found.map(({ fact }) => [fact.path, fact.reason])).toEqual([
      ['a.pcap', 'record cut at byte 900'],
      ['b.pcap', 'record cut at byte 24'],
    ])
  })
})

describe('capture-snap-length', () => {
  const cut = (snapLength: number | null, count = 9) =>
    check(captureSnapLength, { files: [{ ...file, snapLength }], snappedFrames: { count, firstFrame: 4 } })

  it('warns of a snap length that cuts commands, and informs of one that cuts data only', () => {
    expect(cut(96)).toMatchObject([
      { fact: { kind: 'commands', frames: 9, snapLength: 96 }, severity: 'warning', evidence: [{ frame: 4 }] },
    ])
    expect(cut(512)).toMatchObject([{ fact: { kind: 'data', frames: 9, snapLength: 512 }, severity: 'info' }])
  })

  it('names the shortest of several files', () => {
    const files = [96, 262_144, null, 64].map((snapLength) => ({ ...file, snapLength }))
    const [found] = check(captureSnapLength, { files, snappedFrames: { count: 9, firstFrame: 4 } })
    expect(found?.fact).toMatchObject({ kind: 'commands', snapLength: 64 })
  })

  it('does not name a snap length that the file does not tell', () => {
    const [found] = cut(null, 1)
    expect(found).toMatchObject({ fact: { kind: 'data', frames: 1, snapLength: null }, severity: 'info' })
    expect(found?.message).toBe('1 frame was truncated when captured; mostly data is affected.')
  })
})

describe('capture-duplicates', () => {
  it('does not take two copies among many packets for a mirror port', () => {
    const duplicates = (packets: number, count: number) =>
      check(captureDuplicates, { duplicates: { packets, duplicates: count, firstFrame: 2 } })
    expect(duplicates(30, 2)).toEqual([])
    expect(duplicates(3000, 30)).toEqual([])
    expect(duplicates(30, 30)).toMatchObject([
      { fact: { kind: 'duplicates', packets: 30, duplicates: 30 }, evidence: [{ frame: 2 }] },
    ])
  })
})

describe('The facts of a capture', () => {
  it('count frames over all files, of which one may hold none', () => {
    const facts = new CaptureTally().facts(
      [
        { ...file, frames: 3 },
        { ...file, frames: 0 },
        { ...file, frames: 2 },
      ] as unknown as CaptureFile[],
      { count: 0, firstFrame: null },
    )
    expect(facts.files.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
      [1, 3],
      [null, null],
      [4, 5],
    ])
  })
})
