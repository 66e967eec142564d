import { describe, expect, it } from 'vitest'
import { displayFilters } from '../../src/slice/display-filters.js'
import { commentOf, frameNotes } from '../../src/slice/frame-notes.js'
import { luaDissector } from '../../src/slice/lua-dissector.js'
import { read } from '../capture/read.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SAMPLES } from '../support/captures.js'
import { analyzedBytes, annotated } from './copies.js'

const FILE = readFileSync(join(SAMPLES, 'lab/passive-private-address.client.pcap'))
const analysis = analyzedBytes([FILE])
const notes = frameNotes(analysis, analysis.sessions)

describe('an annotated capture', () => {
  it('has the verdict on the first frame of a session, and each finding on the frames that prove it', () => {
    const { copy, annotator } = annotated([FILE])
    const { comments } = read([copy]).files[0]!
    const [session] = analysis.sessions
    expect(comments).toContainEqual({
      frame: session!.firstFrame,
      text: `ftpscope, session 1: failed: ${session!.verdict.sentence}`,
    })
    for (const { id, title, evidence } of session!.findings)
      for (const { frame, note } of evidence)
        expect(comments).toContainEqual({ frame, text: `ftpscope, session 1: ${title} (${id}): ${note}` })
    expect(new Set(comments.map(({ frame }) => frame)).size).toBe(annotator.frames)
    expect(annotator.unwrittenFrames).toEqual([])
  })

  it('has the same frames, and the same analysis', () => {
    const { copy } = annotated([FILE])
    expect(read([copy]).frames).toEqual(read([FILE]).frames)
    const again = analyzedBytes([copy])
    expect(again.sessions).toEqual(analysis.sessions)
    expect(again.capture.frames).toBe(analysis.capture.frames)
  })

  it('keeps the comments of an earlier annotation', () => {
    const once = annotated([FILE]).copy
    const twice = annotated([once]).copy
    const counts = [once, twice].map((file) => read([file]).files[0]!.comments.length)
    expect(counts[1]).toBe(2 * counts[0]!)
  })

  it('has no password', () => {
    expect(notes.map(({ text }) => text).join('\n')).toContain('PASS ***')
  })
})

describe('notes', () => {
  it('are of the capture where a finding is not of a session', () => {
    expect(commentOf({ frame: 1, session: null, finding: 'capture-loss', text: 'x' })).toBe('ftpscope, capture: x')
  })

  it('are one line each, whatever a server wrote', () => {
    const session = structuredClone(analysis.sessions[0]!)
    session.verdict.sentence = 'a\nb\u001b[31m'
    session.findings[0]!.evidence[0]!.note = 'c\r\nframe.number in {1}'
    const lines = [...frameNotes({ findings: [] }, [session]).map(({ text }) => text)]
    // eslint-disable-next-line no-control-regex
    expect(lines.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([])
    const filters = displayFilters({ findings: [] }, [session]).trimEnd().split('\n')
    expect(filters.every((line) => line.startsWith('# ') || /^(tcp\.stream|frame\.number) in \{[\d, ]+\}$/.test(line)))
    expect(luaDissector([{ frame: 1, session: 1, finding: null, text: 'a"\n\\ü' }])).toContain(
      'note(1, 1, nil, "a\\034\\010\\092\\195\\188")',
    )
  })
})
