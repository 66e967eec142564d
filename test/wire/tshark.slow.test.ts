import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { Frame } from '../../src/capture/frame.js'
import { addressText } from '../../src/wire/address.js'
import { communityId } from '../../src/wire/community-id.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { PacketKind } from '../../src/wire/packet.js'
import type { CapturedFrame } from '../support/pcap-walk.js'
import { framesOf, pcapngOf } from '../support/pcap-walk.js'
import { CORPUS, hasCorpus } from '../support/captures.js'
import { hasTshark } from '../support/tshark.js'
import { tsharkFields } from './oracle.js'
import { encapsulations, others } from './encapsulations.js'

const FIELDS = [
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.len',
  'tcp.window_size_value',
  'communityid',
] as const

/** What tshark reports for each frame, in one line; `other` if there is no TCP. */
function byTshark(frames: readonly CapturedFrame[]): string[] {
  return tsharkFields(pcapngOf(frames), FIELDS, ['--enable-protocol', 'communityid']).map((row) => {
    const [protocols, source4, destination4, source6, destination6, ...tcp] = row as [string, ...string[]]
    const names = protocols.split(':')
    if (!names.includes('tcp')) return 'other'
    const [source, destination] =
      names.lastIndexOf('ip') > names.lastIndexOf('ipv6') ? [source4, destination4] : [source6, destination6]
    const [sourcePort, destinationPort, sequence, acknowledgment, flags, length, window, id] = tcp
    const ends = `${source}:${sourcePort} > ${destination}:${destinationPort}`
    const numbers = `seq ${sequence} ack ${acknowledgment} flags ${Number(flags) & 0x3f}`
    return `${ends} ${numbers} len ${length} win ${window} id ${id}`
  })
}

/** The same from the decoder under test; `damaged` if it recorded an anomaly. */
function byDecoder(frames: readonly CapturedFrame[]): string[] {
  const anomalies = new AnomalyLog()
  const decoder = new PacketDecoder(anomalies)
  const frame = new Frame()
  let before = 0
  return frames.map(({ linkType, bytes, wireLength }) => {
    Object.assign(frame, { number: frame.number + 1, linkType, bytes, start: 0, end: bytes.length, wireLength })
    const kind = decoder.decode(frame)
    const met = anomalies.list().reduce((sum, anomaly) => sum + anomaly.count, 0)
    if (met > before) {
      before = met
      return 'damaged'
    }
    if (kind !== PacketKind.Tcp) return 'other'
    const p = decoder.packet
    const source = addressText(p.bytes, p.sourceAt, p.version)
    const destination = addressText(p.bytes, p.destinationAt, p.version)
    const width = p.version === 4 ? 4 : 16
    const [from, to] = [p.sourceAt, p.destinationAt].map((at) => p.bytes.subarray(at, at + width)) as [
      Uint8Array,
      Uint8Array,
    ]
    const id = communityId(from, p.sourcePort, to, p.destinationPort)
    const ends = `${source}:${p.sourcePort} > ${destination}:${p.destinationPort}`
    const numbers = `seq ${p.sequence} ack ${p.acknowledgment} flags ${p.flags}`
    return `${ends} ${numbers} len ${p.payloadLength} win ${p.window} id ${id}`
  })
}

function framesOfFile(path: string): CapturedFrame[] {
  const file = readFileSync(path)
  const frames: CapturedFrame[] = []
  for (const { linkType, bytes, start, end, wireLength } of framesOf(path.endsWith('.gz') ? gunzipSync(file) : file))
    frames.push({ linkType, bytes: bytes.slice(start, end), wireLength })
  return frames
}

/** What tshark 4.0 does not decode, or does not show in the fields that are compared. */
const beyondTshark = new Map([
  ['QinQ 9200', 'no VLAN tag for it by default'],
  ['Ethernet pseudowire over MPLS', 'must be configured for the label that carries Ethernet'],
  ['NULL, IPv6 as family 10', 'does not support Linux’s number'],
  ['IPv6, routing header type 0', 'ipv6.dst is that of the next hop'],
  ['IPv6, routing header type 2', 'ipv6.dst is that of the next hop'],
  ['IPv6, routing header type 4', 'ipv6.dst is that of the next hop'],
])

describe('tshark agrees', () => {
  it.skipIf(!hasTshark)('on every encapsulation', () => {
    const compared = [...encapsulations, ...others].filter((each) => !beyondTshark.has(each.name))
    const frames = compared.map(({ linkType, frame }) => ({ linkType, bytes: frame, wireLength: frame.length }))
    const named = (lines: string[]) => lines.map((line, i) => `${compared[i]!.name}: ${line}`)
    expect(named(byDecoder(frames))).toEqual(named(byTshark(frames)))
  })

  it.skipIf(!hasTshark || !hasCorpus)('on every frame of the corpus', () => {
    const names = readdirSync(CORPUS).filter((name) => /\.pcap(\.gz)?$/.test(name))
    const files = names.map((name) => framesOfFile(join(CORPUS, name)))
    const expected = byTshark(files.flat())
    expect(expected.length).toBeGreaterThan(1000)
    for (const [i, frames] of files.entries()) {
      const found = byDecoder(frames)
      const theirs = expected.splice(0, frames.length)
      // tshark also shows fields of damaged headers.
      if (names[i]!.includes('fuzz'))
        for (const [at, line] of found.entries()) if (line === 'damaged') theirs[at] = line
      expect(found, names[i]).toEqual(theirs)
    }
  })
})
