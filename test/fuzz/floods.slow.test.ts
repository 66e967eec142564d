import { describe, expect, it } from 'vitest'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import type { Session } from '../../src/correlate/model.js'
import { ObservationPoint } from '../../src/correlate/observation-point.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { Flood, flooded, SERVER, Syn, Talk } from './flood.js'

function syns(count: number, toPort: number) {
  return (flood: Flood) => {
    for (let i = 0; i < count; i++) {
      flood.send({
        from: i & 0xffff,
        to: SERVER,
        fromPort: 1024 + (i % 60_000),
        toPort,
        flags: Syn,
        sequence: i * 7919,
      })
    }
  }
}

function loggedIn(flood: Flood): Talk {
  return new Talk(flood, 5, 1000).server('220 hi\r\n').client('USER a\r\n').server('230 ok\r\n')
}

/** The stages up to correlate, without the rules. */
function followed(script: (flood: Flood) => void): Session[] {
  const anomalies = new AnomalyLog()
  const sessions: Session[] = []
  const controlPorts = new Set([21])
  const point = new ObservationPoint(
    {
      sessions: { controlPorts, implicitTlsPorts: new Set(), hosts: new Set(), maxSessions: 100 },
      connections: { maxConnections: 10_000, responderPorts: controlPorts, initiatorPorts: new Set([20]) },
    },
    anomalies,
    (session) => sessions.push(session),
    null,
  )
  const decoder = new PacketDecoder(anomalies)
  const reader = new CaptureReader(
    {
      frame(frame) {
        point.packet(decoder.decode(frame), decoder.packet)
      },
    },
    anomalies,
  )
  reader.openFile('flood.pcap', null)
  const flood = new Flood((chunk) => {
    reader.push(chunk)
  })
  script(flood)
  flood.flush()
  point.end()
  return sessions
}

describe('A flood', () => {
  it('of 300,000 connections to some port keeps no more of them than the cap, and says so', () => {
    const { anomalies, analysis } = flooded(syns(300_000, 8080), {
      maxConnections: 10_000,
    })
    expect(anomalies).toEqual(['connection-table-full'])
    expect(analysis.capture.anomalies[0]!.message).toContain('290000')
    expect(analysis.capture.frames).toBe(300_000)
  })

  it('of 300,000 connections to port 21 makes no session: it is told as what it is', () => {
    const { anomalies, sessions, analysis } = flooded(syns(300_000, 21), { maxConnections: 2000 })
    expect(anomalies).toEqual(['connection-table-full'])
    expect(sessions).toBe(0)
    expect(analysis.scanners).toHaveLength(1)
  })

  it('of control connections keeps few sessions open, and says that it judged the others before their end', () => {
    const { anomalies, sessions, beforeEnd } = flooded(
      (flood) => {
        for (let i = 0; i < 5000; i++) new Talk(flood, 5, 1000 + i).server('220 hi\r\n').client('USER a\r\n')
      },
      { maxSessions: 100 },
    )
    expect(anomalies).toEqual(['session-table-full'])
    expect([sessions, beforeEnd]).toEqual([5000, 4900])
  })

  it('of parallel sessions between two hosts makes a session of each', () => {
    const { sessions } = flooded((flood) => {
      for (let i = 0; i < 5000; i++) {
        new Talk(flood, 5, 1000 + i).server('220 hi\r\n').client('USER a\r\n').server('331 x\r\n')
      }
    })
    expect(sessions).toBe(5000)
  })

  it('of rejected logins hands its sessions out as they end', () => {
    const { sessions, beforeEnd } = flooded((flood) => {
      for (let i = 0; i < 2000; i++) {
        const talk = new Talk(flood, 5, 1000 + i).server('220 hi\r\n').client('USER a\r\n').server('331 x\r\n')
        talk.client('PASS b\r\n').server('530 no\r\n').close()
        flood.wait(0.1)
      }
    })
    expect(sessions).toBe(2000)
    expect(beforeEnd).toBeGreaterThan(1900)
  })

  it('of connections on the same ports makes a session of each', () => {
    const { sessions, beforeEnd, anomalies } = flooded((flood) => {
      for (let i = 0; i < 2000; i++) new Talk(flood, 5, 1000, i * 100_003).server('220 hi\r\n').client('QUIT\r\n')
    })
    expect([sessions, beforeEnd]).toEqual([2000, 1999])
    expect(anomalies).toEqual([])
  })

  it('of 95,000 announcements in one session is followed to the cap of its exchanges', () => {
    const [session] = followed((flood) => {
      const talk = loggedIn(flood)
      for (let i = 0; i < 95_000; i++) {
        talk.client(`PORT 10,0,0,5,${4 + ((i >> 8) % 250)},${i & 255}\r\n`).server('200 ok\r\n')
        // Of some the connection comes, of one port again and again.
        if (i % 100 === 0) {
          flood.send({ from: SERVER, to: 5, fromPort: 20, toPort: 1024 + (i & 255), flags: Syn, sequence: i })
        }
      }
    })
    expect(session!.dialogue.exchanges).toHaveLength(50_000)
    expect(session!.channels).toHaveLength(49_998)
    expect(session!.channels.some(({ connection }) => connection !== null)).toBe(true)
  })

  it('of other connections between the hosts of a session leaves it with the latest few', () => {
    const { last } = flooded((flood) => {
      const talk = new Talk(flood, 5, 1000).server('220 hi\r\n').client('AUTH TLS\r\n').server('234 go\r\n')
      talk.client('\x16\x03\x01\x00\x05hello').server('\x16\x03\x01\x00\x05hello')
      for (let i = 0; i < 100_000; i++) {
        const ports = { fromPort: 1024 + (i % 60_000), toPort: 8000 + (i % 50) }
        flood.send({ from: 5, to: SERVER, ...ports, flags: Syn, sequence: i })
      }
    })
    expect(last!.dataChannels).toHaveLength(256)
  })

  it('of connections from other hosts to an announced port leaves the session with the one channel', () => {
    const { last } = flooded((flood) => {
      loggedIn(flood).client('PASV\r\n').server('227 ok (10,255,0,1,195,80)\r\n')
      for (let i = 0; i < 100_000; i++) {
        const ports = { fromPort: 1024 + (i % 60_000), toPort: 50_000 }
        flood.send({ from: 100 + i, to: SERVER, ...ports, flags: Syn, sequence: i })
      }
    })
    expect(last!.dataChannels).toHaveLength(1)
  })

  it('of connections that greet with 220 and never become FTP makes no session', () => {
    const { sessions } = flooded((flood) => {
      for (let i = 0; i < 2000; i++) new Talk(flood, 5, 1000 + i, i, 2525).server('220 hi\r\n')
    })
    expect(sessions).toBe(0)
  })
})

describe('A control connection', () => {
  const MEGABYTE = 1 << 20

  /** Pushes `count` segments of 32 KiB. */
  function stream(who: 'client' | 'server', bytes: Uint8Array, megabytes: number) {
    return flooded((flood) => {
      const talk = new Talk(flood, 5, 1000).server('220 hi\r\n')
      for (let sent = 0; sent < megabytes * MEGABYTE; sent += bytes.length) talk[who](bytes)
    })
  }

  const repeated = (text: string) => new TextEncoder().encode(text.repeat(Math.floor(32_768 / text.length)))

  it.each([
    ['a line without end of the client', 'client', repeated('A'), 32],
    ['a line without end of the server', 'server', repeated('2'), 32],
    ['a reply without end', 'server', repeated('220-more and more\r\n'), 8],
    ['replies inside replies', 'server', repeated('220-a\r\n331-b\r\n230-c\r\n150-d\r\n226 e\r\n'), 4],
    ['replies that nobody asked for', 'server', repeated('226 again\r\n'), 2],
    ['commands that nobody answers', 'client', repeated('NOOP\r\n'), 2],
    ['commands of one letter', 'client', repeated('A\n'), 1],
    ['nothing but line ends', 'client', repeated('\r\n'), 8],
    ['Telnet commands', 'client', new Uint8Array(32_768).fill(0xff), 16],
    ['announcements that cannot be read', 'server', repeated('227 (1,2,3,4,5,999)\r\n'), 1],
    ['TLS records of no length', 'client', new Uint8Array(32_765).map((_, i) => [22, 3, 1, 0, 0][i % 5]!), 8],
    ['zeros', 'server', new Uint8Array(32_768), 16],
  ] as const)(
    'with %s is read to its end, and no more of it kept than the caps allow',
    (_name, who, bytes, megabytes) => {
      const { sessions, last, analysis } = stream(who, bytes, megabytes)
      expect(sessions).toBe(1)
      expect(analysis.capture.frames).toBe(4 + Math.ceil((megabytes * MEGABYTE) / bytes.length))
      expect(last!.exchanges.length).toBeLessThanOrEqual(50_000)
      expect(JSON.stringify(last).length).toBeLessThan(64 * MEGABYTE)
    },
  )
})
