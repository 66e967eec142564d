/**
 * Commands, replies, announcements and data connections of public captures, as tshark's fields and their projects have
 * them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { analyzeFile } from '../support/analyze-file.js'
import { CORPUS } from '../support/captures.js'

interface Truth {
  file: string
  packets: number
  controlStreams: number
  announced: number
  dataConnectionsByPort: number
  announcements: Record<string, number>
  commands: Record<string, number>
  replies: Record<string, number>
}

const TRUTH = join(CORPUS, 'truth.json')
const hasTruth = existsSync(TRUTH)
const truths = hasTruth ? (JSON.parse(readFileSync(TRUTH, 'utf8')) as Truth[]) : []

/** Where ours differs from the recorded counts, and why ours stands. */
const DEVIATIONS: Record<string, { parts: string[]; why: string }> = {
  'nDPI__fuzz-2006-06-26-2594.pcap': {
    parts: ['commands'],
    why:
      'frame 48 has a damaged sequence number and claims the bytes of the QUIT in frame 88; the bytes seen first ' +
      'win, and the conflict is recorded',
  },
  'zeek__ftp__fake-long-commands.pcap': {
    parts: ['commands'],
    why:
      'the record leaves out the two commands whose verbs are over a hundred letters long; they are commands all ' +
      'the same, unknown ones',
  },
  'zeek__ftp__ftp-missing-space-after-reply-code.pcap': {
    parts: ['replies'],
    why: '"230_no_space" has no space behind the code; clients read three digits, and so do we, with an anomaly',
  },
}

function countsOf(analysis: Analysis) {
  const commands: Record<string, number> = {}
  const replies: Record<string, number> = {}
  const announcements: Record<string, number> = {}
  const add = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1)
  for (const session of analysis.sessions) {
    for (const exchange of session.exchanges) {
      if (exchange.command) add(commands, exchange.command)
      for (const reply of exchange.replies) add(replies, String(reply.code))
    }
    const seen = new Set<number>()
    for (const { announcement, verb } of session.dataChannels) {
      if (!announcement || announcement.port === null || seen.has(announcement.frame)) continue
      seen.add(announcement.frame)
      add(announcements, verb!)
    }
  }
  const connections = analysis.sessions.flatMap((s) => s.dataChannels.filter((c) => c.connection !== null))
  return { commands, replies, announcements, connections: connections.length }
}

describe.skipIf(!hasTruth)('the public captures', () => {
  it.each(truths.map((truth) => [truth.file, truth] as const))('%s: as recorded', (file, truth) => {
    const analysis = analyzeFile(join(CORPUS, file))
    const ours = countsOf(analysis)
    const theirs = {
      commands: truth.commands,
      replies: truth.replies,
      announcements: truth.announcements,
      connections: truth.dataConnectionsByPort,
    }
    expect(analysis.capture.frames).toBe(truth.packets)
    const differing = (['commands', 'replies', 'announcements', 'connections'] as const).filter(
      (part) => JSON.stringify(sorted(ours[part])) !== JSON.stringify(sorted(theirs[part])),
    )
    expect(differing).toEqual(DEVIATIONS[file]?.parts ?? [])
    expect(analysis.sessions.length).toBe(truth.controlStreams)
  })
})

function sorted(counts: Record<string, number> | number): unknown {
  return typeof counts === 'number' ? counts : Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
