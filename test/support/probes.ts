import type { Host } from './host.js'
import type { Scene } from './scene.js'
import { Flag, Protocol, type TcpOptions } from './scene-packet.js'

/** Packets of port scanners and load balancers, as their own TCP sends them. */
export interface ProbeOptions {
  /** Of the scanner: nmap's SYN has a MSS and a window of 1024, masscan's and zmap's have less. */
  options?: TcpOptions
  window?: number
  sequence?: number
  sourcePort?: number
}

const packet = (
  scene: Scene,
  [from, fromPort]: [Host, number],
  [to, toPort]: [Host, number],
  flags: number,
  fields: { sequence?: number; acknowledgment?: number; window?: number; options?: TcpOptions } = {},
) =>
  scene.packet(from, to, {
    protocol: Protocol.Tcp,
    tcp: {
      sourcePort: fromPort,
      destinationPort: toPort,
      sequence: 0,
      acknowledgment: 0,
      window: 1024,
      urgentPointer: 0,
      options: {},
      checksumError: 0,
      flags,
      ...fields,
    },
  })

/** What answers a probe: nothing, RST, or SYN,ACK, which the scanner's system answers by RST. */
export type Answer = 'none' | 'rst' | 'open' | 'open-silent'

/** A probe with any flags; a SYN that is answered by SYN,ACK is reset. */
export function probe(
  scene: Scene,
  from: Host,
  to: Host,
  port: number,
  answer: Answer,
  flags: number = Flag.Syn,
  { options = {}, window = 1024, sequence = 0x1000, sourcePort = 40_000 }: ProbeOptions = {},
): void {
  const [here, there]: [[Host, number], [Host, number]] = [
    [from, sourcePort],
    [to, port],
  ]
  packet(scene, here, there, flags, { sequence, window, options })
  const next = (sequence + 1) >>> 0
  if (answer === 'rst') packet(scene, there, here, Flag.Rst | Flag.Ack, { acknowledgment: next, window: 0 })
  if (answer === 'open' || answer === 'open-silent') {
    const own = Math.floor(scene.random() * 2 ** 32)
    packet(scene, there, here, Flag.Syn | Flag.Ack, {
      sequence: own,
      acknowledgment: next,
      window: 64_240,
      options: { maximumSegmentSize: 1460 },
    })
    if (answer === 'open') packet(scene, here, there, Flag.Rst, { sequence: next, window: 0 })
  }
}

/** A packet of a connection whose beginning the capture does not have. */
export function stray(scene: Scene, from: Host, fromPort: number, to: Host, toPort: number, flags: number): void {
  packet(scene, [from, fromPort], [to, toPort], flags, { sequence: 77, acknowledgment: 99 })
}
