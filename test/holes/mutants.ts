/** Captures with holes, made from whole ones: what capture programs, filters and people leave out. */
import type { Analysis } from '../../src/index.js'
import { type Capture, readPcap, writePcap } from '../lab/derive/pcap.js'
import { snap } from '../lab/derive/transform.js'
import { analyzed } from '../property/essence.js'

/** A capture with a hole in it, and what was left out. */
export interface Mutant {
  name: string
  capture: Capture
  /** Packets up to the last of a capture that ends early. */
  until?: number
  /** First and last frame of those that are missing. */
  gone?: readonly [number, number]
}

/** Share of packets that a capture program on a busy host loses. */
const LOSS_RATES = [0.02, 0.05, 0.1, 0.2, 0.35]

export type Hole = 'snap' | 'drop' | 'loss' | 'begin' | 'end' | 'one-way'

/** Lengths from a bare header to a long line: tcpdump's old default of 68, and what people choose for privacy. */
const SNAP_LENGTHS = [54, 58, 62, 66, 68, 70, 74, 77, 80, 86, 90, 96, 102, 110, 118, 128, 140, 160, 180, 200]
/** Packets dropped together, as when a buffer overflows. */
const BURSTS = [1, 2, 3, 5, 8]

/** Every hole of one kind; at most about `most` places of a capture are tried. */
export function* mutants(capture: Capture, hole: Hole, most: number): Generator<Mutant> {
  const count = capture.packets.length
  const step = Math.max(1, Math.floor(count / most))
  switch (hole) {
    case 'snap':
      for (const length of SNAP_LENGTHS) yield { name: `snap ${length}`, capture: snap(capture, length) }
      return
    case 'drop':
      for (let at = 0; at < count; at += step) {
        for (const burst of BURSTS)
          yield {
            ...kept(capture, `without ${at + 1} to ${at + burst}`, (index) => index < at || index >= at + burst),
            ...(at + burst >= count ? { until: at } : { gone: [at + 1, at + burst] as const }),
          }
      }
      return
    case 'loss':
      for (let seed = 1; seed <= Math.min(most, LOSS_RATES.length * 8); seed++) {
        const rate = LOSS_RATES[seed % LOSS_RATES.length]!
        const next = randomNumbers(seed)
        const lost = new Set(capture.packets.flatMap((_, index) => (next() < rate ? [index] : [])))
        yield kept(capture, `${rate * 100} % lost, seed ${seed}`, (index) => !lost.has(index))
      }
      return
    case 'begin':
      for (let at = 1; at < count; at += step) yield kept(capture, `from ${at + 1}`, (index) => index >= at)
      return
    case 'end':
      for (let at = 1; at < count; at += step)
        yield { ...kept(capture, `up to ${at}`, (index) => index < at), until: at }
      return
    case 'one-way':
      for (const address of new Set(capture.packets.map(({ data }) => sourceOf(data)))) {
        yield kept(capture, `only from ${address}`, (index) => sourceOf(capture.packets[index]!.data) === address)
        yield kept(capture, `nothing from ${address}`, (index) => sourceOf(capture.packets[index]!.data) !== address)
      }
  }
}

function kept(capture: Capture, name: string, keeps: (index: number) => boolean): Mutant {
  return { name, capture: { ...capture, packets: capture.packets.filter((_, index) => keeps(index)) } }
}

/** The source address of an Ethernet frame with IPv4 or IPv6 in it, as numbers; empty for any other. */
function sourceOf(frame: Uint8Array): string {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
  if (type === 0x0800) return frame.subarray(26, 30).join('.')
  return type === 0x86dd ? frame.subarray(22, 38).join('.') : ''
}

type SessionReport = Analysis['sessions'][number]

/** Sessions by the ends of the control connection, whichever of them is taken for the client. */
export type Judged = ReadonlyMap<string, SessionReport>

export function judge(capture: Capture): Judged {
  const judged = new Map<string, SessionReport>()
  const again = new Set<string>()
  for (const session of analyzed(writePcap(capture)).sessions) {
    const { client, server } = session
    const key = [`${client.address} ${client.port}`, `${server.address} ${server.port}`].sort().join(' ')
    if (judged.has(key)) again.add(key)
    judged.set(key, session)
  }
  // Ports that are used again: which is which cannot be told.
  for (const key of again) judged.delete(key)
  return judged
}

/** A capture in classic pcap, microseconds; `null` for another form. */
export function readWhole(bytes: Uint8Array): Capture | null {
  return bytes[0] === 0xd4 && bytes[1] === 0xc3 ? readPcap(bytes) : null
}

/** A verdict turned into its opposite. */
export interface Flip {
  hole: string
  session: string
  from: string
  to: string
  confidence: string
}

/** Worked, or did not. */
const SIDES: Readonly<Record<string, 'good' | 'bad' | undefined>> = { ok: 'good', degraded: 'good', failed: 'bad' }

/**
 * Verdicts of a mutant that are the opposite of those of the whole capture. A failure that the whole capture shows as
 * well, made good later, is none, nor is a session that worked until it failed after the end of the mutant.
 */
export function flips(whole: Judged, { name, capture, until = Infinity, gone }: Mutant): Flip[] {
  if (capture.packets.length === 0) return []
  const found: Flip[] = []
  for (const [session, { verdict, findings }] of judge(capture)) {
    const { outcome, cause, confidence } = verdict
    const before = whole.get(session)
    const from = before && SIDES[before.verdict.outcome]
    const to = SIDES[outcome]
    if (!before || !from || !to || from === to) continue
    if (to === 'bad' && before.findings.some((finding) => finding.id === cause || shows(finding, findings, cause)))
      continue
    const reason = before.findings.find(({ id }) => id === before.verdict.cause)
    const proof = reason?.evidence[0]!.frame ?? -1
    // Nothing in the rest shows that a RST, which has no number of its own, is missing.
    if (from === 'bad' && (proof >= until || (gone && proof >= gone[0] && proof <= gone[1]))) continue
    found.push({
      hole: name,
      session,
      from: `${before.verdict.outcome} ${before.verdict.cause ?? ''}`,
      to: `${outcome} ${cause ?? ''}`,
      confidence,
    })
  }
  return found
}

type Findings = SessionReport['findings']

/** Frames of a capture that begins like the whole one have the same numbers: the finding is about the same packet. */
function shows({ evidence }: Findings[number], findings: Findings, cause: string | null): boolean {
  const frame = findings.find(({ id }) => id === cause)?.evidence[0]?.frame
  return evidence.some((each) => each.frame === frame)
}

/** Numbers from 0 to 1, the same for a seed every time (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
