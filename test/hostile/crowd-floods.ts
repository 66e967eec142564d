import { Ack, SERVER, Syn, Talk } from '../fuzz/flood.js'
import { ByteWriter } from '../support/byte-writer.js'
import type { Scenario } from './scenarios.js'
import { CLIENT, flood, greeted } from './script.js'

const text = (words: string) => Uint8Array.from(words, (character) => character.charCodeAt(0))

const LONG_PATH = text(`CWD ${'x'.repeat(8000)}\r\n`)
const LONG_LINE = text(`220-${'x'.repeat(1000)}\r\n`)
const LARGE = new Uint8Array(16_000).fill(65)
const fromClient = (port: number) => ({ from: CLIENT, to: SERVER, fromPort: port, toPort: 21, flags: Ack })

/** Many connections and sessions beside each other, and what is pushed in pieces. */
export const crowdFloods: Readonly<Record<string, Scenario>> = {
  'all ports between two hosts': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        const ports = { fromPort: i & 0xffff, toPort: i < 0x10000 ? 8021 : 0xffff - (i & 0xffff) }
        sender.send({ from: CLIENT, to: SERVER, ...ports, flags: Syn, sequence: i })
      }
    }),
    count: 32_000,
    full: 131_072,
  },
  'sessions beside each other': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        new Talk(sender, CLIENT, 1000 + i).server('220 hi\r\n').client('USER a\r\n').server('331 x\r\n')
      }
    }),
    count: 600,
    full: 9000,
    brief: 3000,
  },
  'rejected logins': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        const talk = new Talk(sender, CLIENT, 1000 + i).server('220 hi\r\n').client('USER a\r\n').server('331 x\r\n')
        talk.client('PASS b\r\n').server('530 no\r\n').close()
        sender.wait(0.1)
      }
    }),
    count: 600,
    full: 20_000,
  },
  'connections beside a hidden session': {
    feed: flood((sender, count) => {
      const talk = new Talk(sender, CLIENT, 1000).server('220 hi\r\n').client('AUTH TLS\r\n').server('234 go\r\n')
      talk.client('\x16\x03\x01\x00\x05hello').server('\x16\x03\x01\x00\x05hello')
      for (let i = 0; i < count; i++) {
        const ports = { fromPort: 1024 + (i % 60_000), toPort: 8000 + (i % 50) }
        sender.send({ from: CLIENT, to: SERVER, ...ports, flags: Syn, sequence: i })
      }
    }),
    count: 4000,
    full: 500_000,
  },
  'strangers at an announced port': {
    feed: flood((sender, count) => {
      greeted(sender).client('PASV\r\n').server('227 ok (10,255,0,1,195,80)\r\n')
      for (let i = 0; i < count; i++) {
        const ports = { fromPort: 1024 + (i % 60_000), toPort: 50_000 }
        sender.send({ from: 100 + i, to: SERVER, ...ports, flags: Syn, sequence: i })
      }
    }),
    count: 4000,
    full: 500_000,
  },
  'greetings that never become FTP': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) new Talk(sender, CLIENT, 1000 + i, i, 2525).server('220 hi\r\n')
    }),
    count: 1000,
    full: 20_000,
  },
  'one hole cut into pieces': {
    feed: flood((sender, count) => {
      greeted(sender).client('PASV\r\n').server('227 ok (10,255,0,1,195,80)\r\n')
      const ends = { from: SERVER, to: CLIENT, fromPort: 50_000, toPort: 2000, acknowledgment: 1 }
      sender.send({ from: CLIENT, to: SERVER, fromPort: 2000, toPort: 50_000, flags: Syn, sequence: 0 })
      sender.send({ ...ends, flags: Ack, sequence: 1, payload: text('x') })
      sender.send({ ...ends, flags: Ack, sequence: 10_000_000, payload: text('x') })
      for (let i = 0; i < count; i++) sender.send({ ...ends, flags: Ack, sequence: 3 + 2 * i, payload: text('x') })
    }),
    count: 8000,
    full: 1_000_000,
    brief: 200_000,
  },
  'a hole in each of many sessions, and as much behind it as may wait': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        greeted(sender, 1000 + i)
        for (let at = 100; at < 1e6; at += LARGE.length) {
          sender.send({ ...fromClient(1000 + i), sequence: at, acknowledgment: 17, payload: LARGE })
        }
      }
    }, 1),
    count: 40,
    full: 3000,
    brief: 300,
    anomalies: ['tcp-waiting-full'],
  },
  'answers to words that never came, in many sessions': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        greeted(sender, 1000 + i)
        for (let at = 0; at < 60; at++) {
          const { from: to, to: from, fromPort: toPort, toPort: fromPort } = fromClient(1000 + i)
          const ends = { from, to, fromPort, toPort, flags: Ack, acknowledgment: 5000 }
          sender.send({ ...ends, sequence: 17 + at * LARGE.length, payload: LARGE })
        }
      }
    }, 1),
    count: 40,
    full: 3000,
    brief: 300,
    anomalies: ['tcp-waiting-full'],
  },
  'announcements in sessions beside each other': {
    feed: flood((sender, count) => {
      const talks = Array.from({ length: 20 }, (_, index) => greeted(sender, 1000 + index))
      for (let i = 0; i < count; i++) {
        const words = `PORT 10,0,0,5,${4 + ((i >> 8) % 250)},${i & 255}\r\n`
        for (const talk of talks) talk.client(words).server('200 ok\r\n')
      }
    }),
    count: 150,
    full: 100_000,
    brief: 12_000,
  },
  'long paths in sessions beside each other': {
    feed: flood((sender, count) => {
      const talks = Array.from({ length: 100 }, (_, index) => greeted(sender, 1000 + index))
      for (let i = 0; i < count; i++) for (const talk of talks) talk.client(LONG_PATH).server('250 ok\r\n')
    }),
    count: 15,
    full: 4000,
    brief: 500,
  },
  'a reply in each of many sessions that does not end': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        const talk = new Talk(sender, CLIENT, 1000 + i)
        for (let line = 0; line < 80; line++) talk.server(LONG_LINE)
      }
    }, 1),
    count: 60,
    full: 20_000,
    brief: 3000,
  },
  'a capture that comes byte by byte': {
    feed: (input, count) => {
      // One frame: copying with each byte what came before would take the square of its length.
      const capture = new ByteWriter(true)
        .u32(0xa1b2c3d4)
        .u16(2, 4)
        .u32(0, 0, 262_144, 1, 1_700_000_000, 0, count, count)
        .bytes(new Uint8Array(count))
        .result()
      for (let at = 0; at < capture.length; at++) input.push(capture.slice(at, at + 1))
    },
    count: 16_000,
    full: 250_000,
  },
}
