import { ByteWriter } from '../support/byte-writer.js'
import type { Input, Scenario } from './scenarios.js'

const CHUNK = 1 << 16

/** Pushes Ethernet frames into a classic capture, `microseconds` apart. */
class Frames {
  readonly #input: Input
  readonly #step: number
  #writer: ByteWriter
  #time = 0

  constructor(input: Input, step = 10) {
    this.#input = input
    this.#step = step
    this.#writer = new ByteWriter(true).u32(0xa1b2c3d4).u16(2, 4).u32(0, 0, 262_144, 1)
  }

  send(frame: Uint8Array): void {
    this.#time += this.#step
    this.#writer
      .u32(1_700_000_000 + Math.floor(this.#time / 1e6), this.#time % 1e6, frame.length, frame.length)
      .bytes(frame)
    if (this.#writer.length > CHUNK) this.flush()
  }

  flush(): void {
    this.#input.push(this.#writer.result())
    this.#writer = new ByteWriter(true)
  }
}

function frames(script: (frames: Frames, count: number) => void, step?: number): Scenario['feed'] {
  return (input, count) => {
    const sender = new Frames(input, step)
    script(sender, count)
    sender.flush()
  }
}

function ethernet(type: number): ByteWriter {
  return new ByteWriter().zeros(12).u16(type)
}

function ipv4(protocol: number, length: number, identification = 1, fragment = 0): ByteWriter {
  return ethernet(0x0800)
    .u8(0x45, 0)
    .u16(20 + length, identification & 0xffff, fragment)
    .u8(64, protocol)
    .u16(0)
    .u32(0x0a000001, 0x0a000002)
}

const MORE = 0x2000
const TCP = 6

export const frameFloods: Readonly<Record<string, Scenario>> = {
  'fragments of which no datagram becomes whole': {
    feed: frames((sender, count) => {
      for (let i = 0; i < count; i++)
        sender.send(
          ipv4(TCP, 64, i, MORE | (i % 3 === 0 ? 8000 : 0))
            .zeros(64)
            .result(),
        )
    }),
    count: 9000,
    full: 1_000_000,
    brief: 200_000,
    anomalies: ['fragment-table-full'],
  },
  'fragments of one datagram, each over all before': {
    feed: frames((sender, count) => {
      for (let i = 0; i < count; i++)
        sender.send(
          ipv4(TCP, 1024, 7, MORE | (i % 8000))
            .zeros(1024)
            .result(),
        )
    }),
    count: 1000,
    full: 100_000,
    brief: 100_000,
    anomalies: ['fragment-overlap'],
  },
  'IPv6 packets of extension headers only': {
    feed: frames((sender, count) => {
      const frame = ethernet(0x86dd).u32(0x60000000).u16(1400).u8(60, 64).zeros(32)
      for (let at = 0; at < 1400; at += 8) frame.u8(at % 16 === 0 ? 0 : 60, 0).zeros(6)
      for (let i = 0; i < count; i++) sender.send(frame.result())
    }),
    count: 200,
    full: 50_000,
    brief: 50_000,
  },
  'VLAN tags inside VLAN tags': {
    feed: frames((sender, count) => {
      const frame = ethernet(0x8100)
      for (let at = 0; at < 1400; at += 4) frame.u16(5, 0x8100)
      for (let i = 0; i < count; i++) sender.send(frame.result())
    }),
    count: 200,
    full: 50_000,
  },
  'tunnels inside tunnels': {
    feed: frames((sender, count) => {
      const frame = ethernet(0x0800)
      for (let left = 1400; left >= 20; left -= 20) {
        frame.u8(0x45, 0).u16(left, 1, 0).u8(64, 4).u16(0).u32(0x0a000001, 0x0a000002)
      }
      for (let i = 0; i < count; i++) sender.send(frame.result())
    }),
    count: 200,
    full: 50_000,
    brief: 50_000,
    anomalies: ['tunnel-too-deep'],
  },
  'ICMP errors about one connection': {
    feed: frames((sender, count) => {
      const syn = (to: number) => new ByteWriter().u16(1000, to).u32(1, 0).u8(0x50, 2).u16(500, 0, 0).result()
      sender.send(ipv4(TCP, 20).bytes(syn(21)).result())
      const quoted = new ByteWriter()
        .u8(0x45, 0)
        .u16(40, 1, 0)
        .u8(64, TCP)
        .u16(0)
        .u32(0x0a000001, 0x0a000002)
        .bytes(syn(21))
        .result()
      const error = ipv4(1, 8 + quoted.length)
        .u8(3, 1)
        .u16(0)
        .u32(0)
        .bytes(quoted)
        .result()
      for (let i = 0; i < count; i++) sender.send(error)
    }),
    count: 4000,
    full: 500_000,
  },
  'frames without a byte': {
    feed: frames((sender, count) => {
      for (let i = 0; i < count; i++) sender.send(new Uint8Array(0))
    }),
    count: 8000,
    full: 5_000_000,
  },
  'a clock that goes back': {
    feed: frames((sender, count) => {
      for (let i = 0; i < count; i++)
        sender.send(
          ipv4(TCP, 20)
            .u16(1000 + (i % 3), 21)
            .u32(i, 0)
            .u8(0x50, i % 2 === 0 ? 2 : 16)
            .u16(0, 0, 0)
            .result(),
        )
    }, -1e6),
    count: 1000,
    full: 20_000,
  },
  'many files': {
    feed: (input, count) => {
      for (let i = 0; i < count; i++) {
        const sender = new Frames(input, 10 + i)
        sender.send(ipv4(TCP, 20).u16(1000, 21).u32(i, 0).u8(0x50, 2).u16(0, 0, 0).result())
        sender.flush()
        if (i < count - 1) input.nextFile()
      }
    },
    count: 300,
    full: 10_000,
  },
}
