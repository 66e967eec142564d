import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Analysis, SessionReport } from '../../src/report/contract.js'
import { differences, type SessionTruth, toldOf, type Truth } from './truth.js'

/** Compares the analysis in a file with the truth of what was analysed; an empty list when they are equal. */
export async function verify(truth: Truth, analysis: string, format: 'json' | 'ndjson'): Promise<string[]> {
  const { frames, sessions } = await (format === 'json' ? readJson(analysis) : readLines(analysis))
  const found = differences(truth.sessions, sessions)
  if (frames !== truth.packets) found.unshift(`${frames} frames instead of ${truth.packets}`)
  return found
}

interface Told {
  frames: number
  sessions: SessionTruth[]
}

/** Line by line, since the whole may be longer than a string can be: each session is on a line of its own. */
async function readJson(path: string): Promise<Told> {
  const sessions: SessionTruth[] = []
  let rest = ''
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.startsWith('    {"id":')) sessions.push(toldOf(JSON.parse(line.replace(/,$/, '')) as SessionReport))
    else rest += line
  }
  const { capture } = JSON.parse(rest) as Analysis
  return { frames: capture.frames, sessions }
}

async function readLines(path: string): Promise<Told> {
  const told: Told = { frames: 0, sessions: [] }
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const value = JSON.parse(line) as ({ type: 'session' } & SessionReport) | ({ type: 'capture' } & Analysis)
    if (value.type === 'session') told.sessions.push(toldOf(value))
    else told.frames = value.capture.frames
  }
  return told
}
