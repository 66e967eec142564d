import { describe, expect, it } from 'vitest'
import type { SplitPlace } from '../paths/split.js'
import { SCENES } from '../property/scenes.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const { packets } = SCENES['passive']!()
const client = packets[0]!.source

type Change = (packet: ScenePacket) => ScenePacket

function analyzed(change: Change) {
  const places: SplitPlace[] = [
    { name: 'near.pcap', away: 0, hops: 0 },
    { name: 'far.pcap', away: 2, hops: 2, clock: { seconds: -300, ppm: 50 }, change: (packet) => [change(packet)] },
  ]
  return analyzePlaces(packets, client, places)
}

function withTimestamps(
  packet: ScenePacket,
  become: (timestamps: { value: number; echo: number }) => { value: number; echo: number } | undefined,
): ScenePacket {
  const { tcp } = packet
  if (!tcp?.options.timestamps) return packet
  const { timestamps, ...rest } = tcp.options
  const changed = become(timestamps)
  return clonePacket(packet, { tcp: { ...tcp, options: { ...rest, ...(changed && { timestamps: changed }) } } })
}

/** Each end's clock is moved by another amount, wherever it is echoed. */
function moved(packet: ScenePacket): ScenePacket {
  const [own, peer] = packet.source === client ? [0x12345678, 0x0abcdef0] : [0x0abcdef0, 0x12345678]
  return withTimestamps(packet, ({ value, echo }) => ({
    value: (value + own) >>> 0,
    echo: echo === 0 ? 0 : (echo + peer) >>> 0,
  }))
}

describe('A session past a device that', () => {
  it('changes TCP timestamps is one session all the same, and the change is told once', () => {
    const { summary, paths } = analyzed(moved)
    expect(summary.sessions).toBe(1)
    expect(paths).toHaveLength(1)
    expect(paths![0]!.signs).not.toContain('TCP timestamps')
    expect(paths![0]!.counts).toMatchObject({ lost: 0, changed: 0, injected: 0, onlyHere: 0 })
    expect(paths![0]!.hops[0]!.changes.join()).toMatch(/timestamps/)
  })

  it('strips TCP timestamps is one session all the same, and the change is told once', () => {
    const { summary, paths } = analyzed((packet) => withTimestamps(packet, () => undefined))
    expect(summary.sessions).toBe(1)
    expect(paths).toHaveLength(1)
    expect(paths![0]!.counts).toMatchObject({ lost: 0, changed: 0, injected: 0, onlyHere: 0 })
    expect(paths![0]!.hops[0]!.changes.join()).toMatch(/timestamps|options/)
  })

  it('changes timestamps and sequence numbers is one session all the same', () => {
    const { paths } = analyzed((packet) => {
      const { tcp, ...rest } = moved(packet)
      if (!tcp) return packet
      const isFrom = packet.source === client
      const shift = (value: number): number => (value + 0x51515151) >>> 0
      return clonePacket({
        ...rest,
        tcp: isFrom
          ? { ...tcp, sequence: shift(tcp.sequence) }
          : { ...tcp, acknowledgment: tcp.flags & 16 ? shift(tcp.acknowledgment) : 0 },
      })
    })
    expect(paths).toHaveLength(1)
    expect(paths![0]!.counts).toMatchObject({ lost: 0, changed: 0, injected: 0 })
  })
})
