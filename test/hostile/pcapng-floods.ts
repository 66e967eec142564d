import { ByteWriter } from '../support/byte-writer.js'
import type { Input, Scenario } from './scenarios.js'

const CHUNK = 1 << 16

/** Pushes blocks of a little-endian pcapng file. */
class Blocks {
  readonly #input: Input
  #writer = new ByteWriter(true)

  constructor(input: Input) {
    this.#input = input
    this.block(0x0a0d0d0a, (body) => body.u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff))
  }

  block(type: number, fill: (body: ByteWriter) => void): void {
    const body = new ByteWriter(true)
    fill(body)
    const length = 12 + body.length
    this.#writer.u32(type, length).bytes(body.result()).u32(length)
    if (this.#writer.length > CHUNK) this.flush()
  }

  interface(options: (body: ByteWriter) => void = () => undefined): void {
    this.block(1, (body) => {
      body.u16(1, 0).u32(0)
      options(body)
    })
  }

  packet(interfaceId: number, high = 0x61000, low = 0): void {
    this.block(6, (body) => body.u32(interfaceId, high, low, 0, 60))
  }

  flush(): void {
    this.#input.push(this.#writer.result())
    this.#writer = new ByteWriter(true)
  }
}

function blocks(script: (file: Blocks, count: number) => void): Scenario['feed'] {
  return (input, count) => {
    const file = new Blocks(input)
    script(file, count)
    file.flush()
  }
}

export const pcapngFloods: Readonly<Record<string, Scenario>> = {
  'pcapng interfaces': {
    feed: blocks((file, count) => {
      for (let i = 0; i < count; i++) file.interface()
      file.packet(count - 1)
    }),
    count: 4000,
    full: 200_000,
    brief: 200_000,
  },
  'pcapng packets of interfaces that do not exist': {
    feed: blocks((file, count) => {
      file.interface()
      for (let i = 0; i < count; i++) file.packet(i % 2 === 0 ? 0xffffffff : 1 + i)
    }),
    count: 4000,
    full: 1_000_000,
    anomalies: ['pcapng-unknown-interface'],
  },
  'pcapng options without end': {
    feed: blocks((file, count) => {
      file.interface((body) => {
        // No option may say where the list ends, and each is empty: code 2988, length 0.
        for (let i = 0; i < count; i++) body.u16(2988, 0)
      })
      file.packet(0)
    }),
    count: 40_000,
    full: 1_000_000,
  },
  'pcapng comments': {
    feed: blocks((file, count) => {
      file.interface()
      for (let i = 0; i < count; i++)
        file.block(6, (body) => body.u32(0, 0x61000, i, 0, 60).u16(1, 8).u32(0x61616161, 0x62626262).u32(0))
    }),
    count: 12_000,
    full: 500_000,
    brief: 200_000,
    anomalies: ['pcapng-comments-dropped'],
  },
  'pcapng name records': {
    feed: blocks((file, count) => {
      file.interface()
      for (let i = 0; i < count; i++)
        file.block(4, (body) => {
          for (let record = 0; record < 200; record++)
            body
              .u16(1, 6)
              .u32(0x0a000000 + record)
              .u16(0x61, 0)
          body.u32(0)
        })
      file.packet(0)
    }),
    count: 40,
    full: 20_000,
  },
  'pcapng sections': {
    feed: blocks((file, count) => {
      for (let i = 0; i < count; i++) {
        file.block(0x0a0d0d0a, (body) => body.u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff))
        file.interface()
        file.packet(0)
      }
    }),
    count: 1000,
    full: 300_000,
  },
  'pcapng clocks of any resolution': {
    feed: blocks((file, count) => {
      for (let i = 0; i < count; i++) {
        // if_tsresol, if_tsoffset: every value of the one, the limits of the other.
        file.interface((body) => {
          body
            .u16(9, 1)
            .u8(i & 255, 0, 0, 0)
            .u16(14, 8)
            .u32(i % 3 === 0 ? 0xffffffff : 0, i % 3 === 1 ? 0x7fffffff : 0x80000000)
            .u32(0)
        })
        file.packet(i, i % 5 === 0 ? 0xffffffff : 0, i % 7 === 0 ? 0xffffffff : 0)
      }
    }),
    count: 1024,
    full: 60_000,
  },
}
