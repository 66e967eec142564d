import type { FindingId } from '../../../src/diagnose/catalogue.js'
import { readPcap, writePcap, writePcapng, type Capture } from './pcap.js'
import { cook, duplicate, fromAddress, interleave, lose, merge, snap, span, tag } from './transform.js'
import { unrelated } from './noise.js'

/**
 * What the verdict on a derived capture must be, compared with the one that the whole capture deserves. same: the same
 * outcome and cause. cautious: the same, or one that says how little is known; never a wrong cause with high
 * confidence.
 */
export type Demand = 'same' | 'cautious'

export interface Material {
  /** The client's address in the capture. */
  readonly client: string
  /** A healthy capture of other hosts. */
  readonly other: Capture
  /** The same minute beside the server. */
  readonly server: Capture
}

export interface Derivation {
  readonly name: string
  readonly demand: Demand
  /** What must be said of such a capture. */
  readonly findings?: readonly FindingId[]
  /** The files to analyse together. */
  readonly derive: (capture: Capture, material: Material) => readonly Uint8Array[]
}

type Change = (capture: Capture, material: Material) => Capture

const one = (name: string, demand: Demand, change: Change): Derivation => ({
  name,
  demand,
  derive: (capture, material) => [writePcap(change(capture, material))],
})

export const DERIVATIONS: readonly Derivation[] = [
  one('snapped-96', 'cautious', (capture) => snap(capture, 96)),
  one('snapped-128', 'cautious', (capture) => snap(capture, 128)),
  one('client-to-server-only', 'cautious', (capture, { client }) => fromAddress(capture, client)),
  one('server-to-client-only', 'cautious', (capture, { client }) => {
    const mine = new Set(fromAddress(capture, client).packets)
    return { ...capture, packets: capture.packets.filter((packet) => !mine.has(packet)) }
  }),
  one('starts-inside', 'cautious', (capture) => span(capture, 0.25, 1)),
  one('ends-inside', 'cautious', (capture) => span(capture, 0, 0.6)),
  one('five-percent-missing', 'cautious', (capture) => lose(capture, 0.05, 20)),
  one('every-packet-twice', 'same', (capture) => duplicate(capture)),
  {
    name: 'split-in-two',
    demand: 'same',
    derive: (capture) => halves(capture).map((half) => writePcap(half)),
  },
  { name: 'nanoseconds', demand: 'same', derive: (capture) => [writePcap(capture, { nanoseconds: true })] },
  { name: 'big-endian', demand: 'same', derive: (capture) => [writePcap(capture, { bigEndian: true })] },
  { name: 'pcapng', demand: 'same', derive: (capture) => [writePcapng(capture)] },
  one('linux-cooked', 'same', (capture) => cook(capture)),
  one('vlan-tagged', 'same', (capture) => tag(capture, 42)),
  one('among-unrelated-traffic', 'same', (capture) => merge(capture, unrelated(capture, 200, 3))),
  one('among-other-sessions', 'same', (capture, { other }) => merge(capture, other)),
  one('both-sides-of-the-path', 'cautious', (capture, { server }) => interleave(capture, server)),
]

function halves(capture: Capture): readonly Capture[] {
  const middle = Math.floor(capture.packets.length / 2)
  const parts = [capture.packets.slice(0, middle), capture.packets.slice(middle)]
  return parts.map((packets) => ({ ...capture, packets }))
}

/** All derived captures of one. */
export function deriveAll(pcap: Uint8Array, material: Material): ReadonlyMap<Derivation, readonly Uint8Array[]> {
  const capture = readPcap(pcap)
  return new Map(DERIVATIONS.map((derivation) => [derivation, derivation.derive(capture, material)]))
}
