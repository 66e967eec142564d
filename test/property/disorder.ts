import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import type { Transform } from '../support/transforms.js'

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Reorders packets that are less than `milliseconds` apart, with times still in order. Neither end of a connection
 * sends anything before its SYN or SYN,ACK, no router reports on it before that, and no SYN comes before earlier uses
 * of its ports: that would change the meaning.
 */
export function disorder(milliseconds: number, random: () => number): Transform {
  return (packets) => {
    /** Times of the latest SYN of each pair of endpoints, and of each direction. */
    const floors = new Map<string, number>()
    let latestSyn = 0
    const moments = packets.map((packet) => {
      const { pair, direction } = keysOf(packet)
      const floor = packet.tcp ? Math.max(floors.get(pair) ?? 0, floors.get(direction) ?? 0) : latestSyn
      const moment = Math.max(packet.time + random() * milliseconds * 1e6, floor)
      if (isSyn(packet)) floors.set(pair, (latestSyn = moment))
      else if (isSynAck(packet)) floors.set(direction, moment)
      return moment
    })
    // Backwards: nothing passes a later SYN of the same ports.
    const ceilings = new Map<string, number>()
    for (const [index, packet] of [...packets.entries()].reverse()) {
      const { pair } = keysOf(packet)
      const moment = Math.min(moments[index]!, ceilings.get(pair) ?? Infinity)
      if (isSyn(packet)) ceilings.set(pair, moment)
      moments[index] = moment
    }
    return packets
      .map((packet, index) => ({ packet, moment: moments[index]! }))
      .sort((a, b) => a.moment - b.moment)
      .map(({ packet }, index) => clonePacket(packet, { time: packets[index]!.time }))
  }
}

function isSyn({ tcp }: ScenePacket): boolean {
  return tcp !== null && (tcp.flags & (Flag.Syn | Flag.Ack)) === Flag.Syn
}

function isSynAck({ tcp }: ScenePacket): boolean {
  return tcp !== null && (tcp.flags & Flag.Syn) !== 0 && (tcp.flags & Flag.Ack) !== 0
}

function keysOf({ source, destination, tcp }: ScenePacket): { pair: string; direction: string } {
  const from = `${source} ${tcp?.sourcePort ?? ''}`
  const to = `${destination} ${tcp?.destinationPort ?? ''}`
  return { pair: [from, to].sort().join(), direction: `${from} to ${to}` }
}
