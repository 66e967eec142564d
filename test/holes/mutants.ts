/** Captures with holes, made from whole ones: what capture programs, filters and people leave out. */
import type { Analysis } from '../../src/index.js'
import { type Capture, readPcap, writePcap } from '../lab/derive/pcap.js'
import { snap } from '../lab/derive/transform.js'
import { analyzed } from '../property/essence.js'

/** A capture with a hole in it, and what was left out. */
export interface Mutant {
  name: string
  capture: Capture
}

export type Hole = 'snap' | 'drop' | 'begin' | 'end' | 'one-way'

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
          yield kept(capture, `without ${at + 1} to ${at + burst}`, (index) => index < at || index >= at + burst)
      }
      return
    case 'begin':
      for (let at = 1; at < count; at += step) yield kept(capture, `from ${at + 1}`, (index) => index >= at)
      return
    case 'end':
      for (let at = 1; at < count; at += step) yield kept(capture, `up to ${at}`, (index) => index < at)
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

/** Verdicts by the ends of the control connection, whichever of them is taken for the client. */
export type Verdicts = ReadonlyMap<string, Analysis['sessions'][number]['verdict']>

export function verdictsOf(capture: Capture): Verdicts {
  const verdicts = new Map<string, Analysis['sessions'][number]['verdict']>()
  const again = new Set<string>()
  for (const { client, server, verdict } of analyzed(writePcap(capture)).sessions) {
    const key = [`${client.address} ${client.port}`, `${server.address} ${server.port}`].sort().join(' ')
    if (verdicts.has(key)) again.add(key)
    verdicts.set(key, verdict)
  }
  // Ports that are used again: which is which cannot be told.
  for (const key of again) verdicts.delete(key)
  return verdicts
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

/** Verdicts of a mutant that are the opposite of those of the whole capture. */
export function flips(whole: Verdicts, { name, capture }: Mutant): Flip[] {
  if (capture.packets.length === 0) return []
  const found: Flip[] = []
  for (const [session, { outcome, cause, confidence }] of verdictsOf(capture)) {
    const before = whole.get(session)
    const from = before && SIDES[before.outcome]
    const to = SIDES[outcome]
    if (!before || !from || !to || from === to) continue
    found.push({
      hole: name,
      session,
      from: `${before.outcome} ${before.cause ?? ''}`,
      to: `${outcome} ${cause ?? ''}`,
      confidence,
    })
  }
  return found
}
