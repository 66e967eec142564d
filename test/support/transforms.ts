import { transportBytes } from './packet-writer.js'
import { clonePacket, Flag, type ScenePacket } from './scene-packet.js'

/** Changes the packets of a capture: what a network or a capture does to them. */
export type Transform = (packets: ScenePacket[]) => ScenePacket[]

/** Moves packets by up to `distance` places, with times still in order; `random` gives 0 to 1. */
export function shuffleWithin(distance: number, random: () => number): Transform {
  return (packets) => {
    const times = packets.map((packet) => packet.time)
    return packets
      .map((packet, index) => ({ packet, place: index + random() * distance }))
      .sort((a, b) => a.place - b.place)
      .map(({ packet }, index) => clonePacket(packet, { time: times[index]! }))
  }
}

/** Every packet twice, `delay` nanoseconds apart, as on a mirror port or the `any` interface. */
export function duplicateAll(delay = 10_000): Transform {
  return (packets) =>
    packets
      .flatMap((packet) => [packet, clonePacket(packet, { time: packet.time + delay })])
      .sort((a, b) => a.time - b.time)
}

/** Cuts TCP payloads into pieces of `size` bytes, or of what `size` gives for each piece. */
export function resegment(size: number | (() => number)): Transform {
  const nextSize = typeof size === 'number' ? () => size : size
  return (packets) =>
    packets.flatMap((packet) => {
      const { tcp } = packet
      if (!tcp || packet.payload.length === 0) return [packet]
      const pieces: ScenePacket[] = []
      for (let at = 0; at < packet.payload.length;) {
        const payload = packet.payload.slice(at, at + Math.max(1, nextSize()))
        const last = at + payload.length === packet.payload.length
        const flags = last ? tcp.flags : tcp.flags & ~(Flag.Fin | Flag.Psh)
        pieces.push(clonePacket(packet, { payload, tcp: { ...tcp, flags, sequence: (tcp.sequence + at) >>> 0 } }))
        at += payload.length
      }
      return pieces
    })
}

/** IP fragments of at most `size` bytes of payload each (a multiple of 8). */
export function fragment(size: number, wanted: (packet: ScenePacket) => boolean = () => true): Transform {
  return (packets) =>
    packets.flatMap((packet, index) => {
      const whole = transportBytes(packet)
      if (whole.length <= size || !wanted(packet)) return [packet]
      const pieces: ScenePacket[] = []
      for (let at = 0; at < whole.length; at += size) {
        const payload = whole.slice(at, at + size)
        const moreFragments = at + size < whole.length
        const identification = packet.identification || index + 1
        pieces.push(
          clonePacket(packet, {
            tcp: null,
            payload,
            fragmentOffset: at,
            moreFragments,
            dontFragment: false,
            identification,
          }),
        )
      }
      return pieces
    })
}

/** 802.1Q tags on all packets, outermost first. */
export function tagVlan(...ids: number[]): Transform {
  return (packets) => packets.map((packet) => clonePacket(packet, { vlans: ids }))
}
