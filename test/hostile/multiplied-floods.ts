import { Ack, type Flood, SERVER, Syn, SynAck, Talk } from '../fuzz/flood.js'
import type { Scenario } from './scenarios.js'
import { flood } from './script.js'

const text = (words: string) => Uint8Array.from(words, (character) => character.charCodeAt(0))

/** Clients beside each other, below the default cap on open sessions. */
const CLIENTS = 9900
const RST = 4
const FULL_HEAD = new Uint8Array(2048).fill(65)
const RECORDS = text('\x17\x03\x03\x00\x01x'.repeat(230))
const HALF_LINE = text('y'.repeat(1400))

/** A control connection of each of `count` clients, logged in; then each has its turn in each of some rounds. */
function rounds(
  most: number,
  turn: (sender: Flood, talk: Talk, client: number, round: number) => void,
  step = 1,
): Scenario['feed'] {
  return flood((sender, count) => {
    const talks = Array.from({ length: count }, (_, client) =>
      new Talk(sender, client, 1024).server('220 hi\r\n').client('USER a\r\n').server('230 ok\r\n'),
    )
    for (let round = 0; round < most; round++) {
      for (const [client, talk] of talks.entries()) turn(sender, talk, client, round)
    }
  }, step)
}

const between = (client: number, port: number, toPort: number) => ({
  up: { from: client, to: SERVER, fromPort: port, toPort },
  down: { from: SERVER, to: client, fromPort: toPort, toPort: port },
})

const announce = (talk: Talk, port: number) =>
  talk.client('PASV\r\n').server(`227 ok (10,255,0,1,${port >> 8},${port & 255})\r\n`)

/** What a cap for each session, connection or pair of hosts bounds, times as many of those as there can be. */
export const multipliedFloods: Readonly<Record<string, Scenario>> = {
  'connections without an announcement, between many hosts': {
    feed: flood((sender, count) => {
      const ends = (host: number, port: number, toPort: number) => ({
        ...{ from: 5, to: host + 100, fromPort: port, toPort, flags: Syn, sequence: 1 },
      })
      for (let host = 0; host < count; host++) sender.send(ends(host, 1024, 21))
      for (let round = 0; round < 20; round++) {
        for (let host = 0; host < count; host++) sender.send(ends(host, 2000 + round, 8000 + round))
      }
    }, 1),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['unexplained-connections-full'],
  },
  'connections without an announcement, with all that is kept of one': {
    feed: rounds(4, (sender, _talk, client, round) => {
      const { up, down } = between(client, 2000 + round, 40_000)
      for (let i = 0; i < 8; i++) sender.send({ ...up, flags: Syn, sequence: 1 })
      for (let i = 0; i < 8; i++) sender.send({ ...down, flags: SynAck, sequence: 1, acknowledgment: 2 })
      sender.send({ ...up, flags: Ack, sequence: 2, acknowledgment: 2, payload: FULL_HEAD.subarray(0, 1400) })
      sender.send({ ...down, flags: Ack, sequence: 2, acknowledgment: 1402, payload: FULL_HEAD.subarray(0, 1400) })
      for (let i = 0; i < 8; i++) {
        sender.send({ ...up, flags: Ack, sequence: 2, acknowledgment: 1402, payload: FULL_HEAD.subarray(0, 100 + i) })
      }
      for (let i = 0; i < 8; i++) sender.send({ ...down, flags: RST, sequence: 1402 + i })
    }),
    count: 60,
    full: CLIENTS,
  },
  'announced connections of many sessions': {
    feed: rounds(10, (sender, talk, client, round) => {
      const port = 2000 + round
      announce(talk, port)
      const { up, down } = between(client, 3000 + round, port)
      sender.send({ ...up, flags: Syn, sequence: 1 })
      sender.send({ ...down, flags: SynAck, sequence: 1, acknowledgment: 2 })
      sender.send({ ...up, flags: Ack, sequence: 2, acknowledgment: 2, payload: FULL_HEAD.subarray(0, 1400) })
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['session-memory-full'],
  },
  'many connections to each announced port': {
    feed: rounds(20, (sender, talk, client, round) => {
      if (round % 64 === 0) announce(talk, 2000 + round / 64)
      const { up } = between(client, 3000 + round, 2000 + Math.floor(round / 64))
      sender.send({ ...up, flags: Syn, sequence: 1 })
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['session-memory-full'],
  },
  'TLS records of many sessions': {
    feed: rounds(5, (_sender, talk, _client, round) => {
      if (round === 0) {
        talk.client('AUTH TLS\r\n').server('234 go\r\n')
        talk.client('\x16\x03\x01\x00\x05hello').server('\x16\x03\x01\x00\x05hello')
      }
      talk.client(RECORDS)
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['session-memory-full'],
  },
  'lines that do not end, in many sessions': {
    feed: rounds(12, (_sender, talk) => {
      talk.client(HALF_LINE).server(HALF_LINE)
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['session-memory-full'],
  },
  'first bytes ahead of a hole, of many connections': {
    feed: rounds(1, (sender, talk, client, round) => {
      announce(talk, 2000 + round)
      const { up } = between(client, 3000 + round, 2000 + round)
      sender.send({ ...up, flags: Syn, sequence: 1 })
      for (let i = 0; i < 32; i++) {
        sender.send({ ...up, flags: Ack, sequence: 4 + 2 * i, acknowledgment: 2, payload: FULL_HEAD })
      }
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['tcp-memory-full'],
  },
  'holes in many connections': {
    feed: rounds(4, (sender, talk, client, round) => {
      if (round === 0) announce(talk, 2000)
      const { up } = between(client, 3000, 2000)
      if (round === 0) sender.send({ ...up, flags: Syn, sequence: 1 })
      for (let i = 0; i < 32; i++) {
        const sequence = 4 + 2 * (32 * round + i)
        sender.send({ ...up, flags: Ack, sequence, acknowledgment: 2, payload: FULL_HEAD.subarray(0, 1) })
      }
    }),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['tcp-memory-full'],
  },
  'packets of many connections at the same time': {
    feed: rounds(
      4,
      (sender, talk, client, round) => {
        if (round === 0) announce(talk, 2000)
        const { up } = between(client, 3000, 2000)
        if (round === 0) sender.send({ ...up, flags: Syn, sequence: 1 })
        for (let i = 0; i < 32; i++) sender.send({ ...up, flags: Ack, sequence: 2, acknowledgment: 32 * round + i })
      },
      0.001,
    ),
    count: 60,
    full: CLIENTS,
    longAnomalies: ['tcp-memory-full'],
  },
  'sessions that are over, between many hosts': {
    feed: flood((sender, count) => {
      for (let i = 0; i < 100 * count; i++) {
        const talk = new Talk(sender, i % 4096, 1024 + Math.floor(i / 4096)).server('220 hi\r\n')
        for (let login = 0; login < 8; login++) talk.client('USER a\r\n').server('530 no\r\n')
        talk.close()
        sender.wait(0.01)
      }
    }),
    count: 20,
    full: 400,
    brief: 200,
    longAnomalies: ['remembered-sessions-full'],
  },
  'announcements of sessions that are over': {
    feed: flood((sender, count) => {
      for (let i = 0; i < count; i++) {
        const talk = new Talk(sender, 1, 1024 + i, i * 7919)
          .server('220 hi\r\n')
          .client('USER a\r\n')
          .server('230 ok\r\n')
        for (let at = 0; at < 500; at++)
          talk.client(`PORT 10,0,0,1,${4 + (at & 63)},${at & 255}\r\n`).server('200 ok\r\n')
        talk.close()
        sender.wait(10)
      }
    }),
    count: 8,
    full: 600,
    brief: 250,
    longAnomalies: ['remembered-announcements-full'],
  },
}
