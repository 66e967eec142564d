import type { AnalyzeOptions } from '../../src/index.js'
import { Ack, FinAck, SERVER, Syn, SynAck, Talk } from '../fuzz/flood.js'
import { crowdFloods } from './crowd-floods.js'
import { multipliedFloods } from './multiplied-floods.js'
import { pcapngFloods } from './pcapng-floods.js'
import { frameFloods } from './frame-floods.js'
import { CLIENT, flood, greeted } from './script.js'

export interface Input {
  /** Ends the open file and begins another. */
  nextFile(): void
  push(chunk: Uint8Array): void
}

export interface Scenario {
  /** Feeds what grows with `count`. */
  feed(input: Input, count: number): void
  /** Counts at which steps are compared; behind the caps that the scenario reaches. */
  count: number
  /** The count of the long run, where there is one. */
  full?: number
  /**
   * The count of the run that each commit has to pass, where there is one: all of them take a minute on two processors.
   */
  brief?: number
  /** Kinds of anomalies that must be told, of the small run and of the long one. */
  anomalies?: readonly string[]
  /** Those of the long run only, whose caps the small one does not reach. */
  longAnomalies?: readonly string[]
  options?: AnalyzeOptions
}

/** The count of a scenario's long run of this mode, `null` where it has none. */
export function countOf({ full, brief }: Scenario, mode: 'full' | 'brief'): number | null {
  return (mode === 'full' ? full : brief) ?? null
}

const RST = 4
const text = (words: string) => Uint8Array.from(words, (character) => character.charCodeAt(0))
const repeated = (words: string, length = 16_384) => text(words.repeat(Math.floor(length / words.length)))

/** `count` segments of the same bytes on one control connection. */
function stream(who: 'client' | 'server', bytes: Uint8Array): Scenario['feed'] {
  return flood((sender, count) => {
    const talk = greeted(sender)
    for (let i = 0; i < count; i++) talk[who](bytes)
  })
}

/** `count` segments between the ends of a control connection that was opened properly. */
function segments(
  of: (i: number) => { fromClient: boolean; flags: number; sequence: number; window?: number; payload?: Uint8Array },
): Scenario['feed'] {
  return flood((sender, count) => {
    greeted(sender)
    for (let i = 0; i < count; i++) {
      const { fromClient, ...fields } = of(i)
      sender.send({
        ...(fromClient
          ? { from: CLIENT, to: SERVER, fromPort: 1000, toPort: 21 }
          : { from: SERVER, to: CLIENT, fromPort: 21, toPort: 1000 }),
        acknowledgment: 10,
        ...fields,
      })
    }
  })
}

const hash = (i: number) => Math.imul(i + 1, 0x9e3779b1) >>> 0

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'SYNs to any port': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        sender.send({
          from: i & 0xffff,
          to: SERVER,
          fromPort: 1024 + (i % 60_000),
          toPort: 8080,
          flags: Syn,
          sequence: i,
        })
      }
    }),
    count: 4000,
    full: 2_000_000,
    brief: 2_000_000,
    anomalies: ['connection-table-full'],
    options: { maxConnections: 1000 },
  },
  'sessions that stay open': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        sender.send({ from: i >> 4, to: SERVER, fromPort: 1024 + (i & 15), toPort: 21, flags: Syn, sequence: i })
      }
    }, 1),
    count: 600,
    full: 100_000,
    brief: 20_000,
  },
  'a line of the client without end': {
    feed: stream('client', repeated('A')),
    count: 64,
    full: 65_536,
    brief: 65_536,
    anomalies: ['ftp-line-cut'],
  },
  'a line of the server without end': {
    feed: stream('server', repeated('2')),
    count: 64,
    full: 4096,
    brief: 4096,
    anomalies: ['ftp-line-cut'],
  },
  'a reply without end': {
    feed: stream('server', repeated('220-more\r\n')),
    count: 16,
    full: 4096,
    brief: 2048,
    anomalies: ['ftp-reply-cut'],
  },
  'replies inside replies': {
    feed: stream('server', repeated('220-a\r\n331-b\r\n230-c\r\n226 e\r\n')),
    count: 4,
    full: 1024,
  },
  announcements: {
    feed: flood((sender, count) => {
      const talk = greeted(sender)
      for (let i = 0; i < count; i++)
        talk.client(`PORT 10,0,0,5,${4 + ((i >> 8) % 250)},${i & 255}\r\n`).server('200 ok\r\n')
    }),
    count: 2500,
    full: 10_000_000,
    brief: 10_000_000,
  },
  'announcements of connections that fail': {
    feed: flood((sender, count) => {
      const talk = greeted(sender)
      for (let i = 0; i < count; i++) {
        const port = 1024 + (i % 60_000)
        talk
          .client('PASV\r\n')
          .server(`227 ok (10,255,0,1,${port >> 8},${port & 255})\r\n`)
          .client('LIST\r\n')
        sender.send({ from: CLIENT, to: SERVER, fromPort: 1024 + (i % 60_000), toPort: port, flags: Syn, sequence: i })
        talk.server('425 no\r\n')
      }
    }),
    count: 1200,
    full: 20_000,
    brief: 5000,
  },
  'commands that nobody answers': { feed: stream('client', repeated('NOOP\r\n', 600)), count: 60, full: 10_000 },
  'connections on the same ports': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++)
        new Talk(sender, CLIENT, 1000, i * 100_003).server('220 hi\r\n').client('QUIT\r\n')
    }),
    count: 300,
    full: 20_000,
  },
  'one data port again and again': {
    feed: flood((sender, count) => {
      const talk = greeted(sender)
      for (let i = 0; i < count; i++) {
        talk.client('PORT 10,0,0,5,200,10\r\n').server('200 ok\r\n').client('RETR f\r\n').server('150 here\r\n')
        const ends = { from: SERVER, to: CLIENT, fromPort: 20, toPort: 51_210 }
        sender.send({ ...ends, flags: Syn, sequence: i * 7919 })
        sender.send({
          from: CLIENT,
          to: SERVER,
          fromPort: 51_210,
          toPort: 20,
          flags: SynAck,
          sequence: 1,
          acknowledgment: i * 7919 + 1,
        })
        sender.send({ ...ends, flags: FinAck, sequence: i * 7919 + 1, acknowledgment: 2, payload: text('content') })
        talk.server('226 done\r\n')
      }
    }),
    count: 600,
    full: 10_000,
  },
  'sequence numbers that jump': {
    feed: segments((i) => ({ fromClient: i % 2 === 0, flags: Ack, sequence: hash(i), payload: text('NOOP\r\n') })),
    count: 15_000,
    full: 1_000_000,
    brief: 100_000,
  },
  'segments of one byte': {
    feed: stream('client', text('x')),
    count: 20_000,
    full: 1_000_000,
    anomalies: ['ftp-line-cut'],
  },
  'segments of one byte from the last to the first': {
    feed: segments((i) => ({ fromClient: true, flags: Ack, sequence: 1_000_000 - 2 * i, payload: text('x') })),
    count: 8000,
    full: 400_000,
    brief: 200_000,
  },
  'overlapping segments of other content': {
    feed: segments((i) => ({
      fromClient: true,
      flags: Ack,
      sequence: 20 + (i % 50),
      payload: repeated(String.fromCharCode(65 + (i % 26)), 64),
    })),
    count: 4000,
    full: 500_000,
    brief: 100_000,
    anomalies: ['tcp-overlap-conflict'],
  },
  RST: {
    feed: segments((i) => ({ fromClient: i % 2 === 0, flags: RST, sequence: hash(i) })),
    count: 8000,
    full: 500_000,
  },
  FIN: {
    feed: segments((i) => ({ fromClient: i % 2 === 0, flags: FinAck, sequence: 1 + (i % 100) })),
    count: 8000,
    full: 500_000,
  },
  'windows of zero': {
    feed: segments((i) => ({ fromClient: i % 2 === 0, flags: Ack, sequence: 9, window: i % 3 === 0 ? 0 : 500 })),
    count: 8000,
    full: 500_000,
  },
  'Telnet commands': { feed: stream('client', new Uint8Array(16_384).fill(0xff)), count: 16, full: 4096 },
  'Telnet subnegotiations': { feed: stream('client', repeated('\xff\xfa\x01xxxx')), count: 16, full: 4096 },
  'TLS records of no sense': {
    feed: stream('client', repeated('\x16\x03\x01\x00\x00\x17\x03\x03\xff\xffab')),
    count: 16,
    full: 4096,
  },
  'text that is no UTF-8': {
    feed: stream('client', repeated('CWD \xed\xa0\x80\xff\xfe\x00\xc0\xaf\r\n')),
    count: 8,
    full: 1024,
  },
  ...crowdFloods,
  ...multipliedFloods,
  ...frameFloods,
  ...pcapngFloods,
}
