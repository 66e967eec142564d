import { describe, expect, it } from 'vitest'
import { type Analysis, Analyzer, type AnalyzeOptions } from '../../src/index.js'
import { ask, login, quit, reply } from '../support/ftp-scene.js'
import { atClient, atServer, openControl } from '../support/places.js'
import { probe, stray } from '../support/probes.js'
import { Scene } from '../support/scene.js'
import { Flag } from '../support/scene-packet.js'

function analysisOf(scene: Scene, options: AnalyzeOptions = {}): Analysis {
  const analyzer = new Analyzer(options)
  analyzer.openFile('scene.pcap')
  analyzer.push(scene.toPcap())
  analyzer.closeFile()
  return analyzer.end()
}

const hosts = (scene: Scene, count: number, net = '192.0.2') =>
  Array.from({ length: count }, (_, index) => scene.host(`${net}.${index + 1}`))
const outcomes = ({ sessions }: Analysis) => sessions.map(({ verdict }) => verdict.outcome)

describe('A port scan is told in one line and makes no session', () => {
  const XMAS = Flag.Fin | Flag.Psh | Flag.Urg
  it.each([
    ['nmap -sS', Flag.Syn, { options: { maximumSegmentSize: 1460 } }],
    ['masscan', Flag.Syn, { sequence: 0x5eed }],
    ['zmap', Flag.Syn, { window: 65_535, options: { maximumSegmentSize: 1460 } }],
    ['a FIN scan', Flag.Fin, {}],
    ['a NULL scan', 0, {}],
    ['an Xmas scan', XMAS, {}],
    ['an ACK scan', Flag.Ack, {}],
    ['a Maimon scan', Flag.Fin | Flag.Ack, {}],
    ['SYN and FIN together', Flag.Syn | Flag.Fin, {}],
  ])('%s of many ports of three hosts', (_, flags, options) => {
    const scene = new Scene()
    const scanner = scene.host('203.0.113.9')
    for (const target of hosts(scene, 3))
      for (let port = 21; port <= 60; port++)
        probe(scene, scanner, target, port, flags === Flag.Syn && port === 21 ? 'open' : 'rst', flags, options)
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    const found = flags === Flag.Syn ? '3 are FTP' : 'none is FTP'
    expect(analysis.scanners).toMatchObject([
      { kind: 'scan', address: '203.0.113.9', hosts: 3, ports: 120, connections: 3, firstFrame: 1 },
    ])
    expect(analysis.scanners?.[0]?.sentence).toBe(`203.0.113.9 probed 120 ports of 3 hosts; ${found}`)
    expect(analysis.summary).toMatchObject({ sessions: 0, vantage: 'unknown' })
  })

  it.each(['none', 'rst', 'open', 'open-silent'] as const)('of port 21 of a net, answered by %s', (answer) => {
    const scene = new Scene()
    const scanner = scene.host('203.0.113.9')
    for (const target of hosts(scene, 30)) {
      probe(scene, scanner, target, 21, answer)
      scene.wait(20)
    }
    scene.wait(200_000)
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([{ kind: 'scan', connections: 30, hosts: 30, ports: 30 }])
  })

  it('with handshakes, closed at once, or after the greeting', () => {
    const scene = new Scene()
    const scanner = scene.host('203.0.113.9')
    for (const [index, target] of hosts(scene, 8).entries()) {
      const control = scene.connect(scanner, 40_000 + index, target, 21)
      if (index % 2 === 0) control.reset('client')
      else {
        control.server('220 Ready\r\n')
        control.client('QUIT\r\n').server('221 Bye\r\n').close('server')
      }
    }
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([
      { kind: 'scan', hosts: 8, ports: 8, ftp: 8, techniques: ['connect', 'banner'] },
    ])
  })

  it('keeps a real session of the scanner, and one half-open probe is a probe', () => {
    const place = atServer('')
    const { scene, client, server } = place
    probe(scene, client, server, 21, 'open')
    const session = openControl(place)
    login(session)
    quit(session)
    const analysis = analysisOf(scene)
    expect(outcomes(analysis)).toEqual(['ok'])
    expect(analysis.scanners?.map(({ sentence }) => sentence)).toEqual([
      '198.51.100.7 probed 1 port of 1 host; 1 is FTP',
    ])
  })

  it('that is slow: the first refusals wait for the others', () => {
    const scene = new Scene()
    const scanner = scene.host('203.0.113.9')
    for (const target of hosts(scene, 20)) {
      probe(scene, scanner, target, 21, 'rst')
      scene.wait(1000)
    }
    scene.wait(200_000)
    expect(analysisOf(scene).sessions).toEqual([])
  })

  it.each(['rst', 'none', 'open'] as const)(
    'of a probe in five minutes, answered by %s, has no failed session',
    (answer) => {
      const scene = new Scene()
      const scanner = scene.host('203.0.113.9')
      for (const target of hosts(scene, 24)) {
        probe(scene, scanner, target, 21, answer, Flag.Syn, { options: { maximumSegmentSize: 1460 } })
        scene.wait(300_000)
      }
      const analysis = analysisOf(scene)
      expect(analysis.sessions).toEqual([])
      expect(analysis.scanners).toMatchObject([{ kind: 'scan', connections: 24, hosts: 24 }])
    },
  )

  it('by the system of the scanner, of a port a minute', () => {
    const scene = new Scene()
    const scanner = scene.host('203.0.113.9')
    const server = scene.host('192.0.2.1')
    for (const [index, port] of [80, 21, 443, 22, 25, 110, 143, 3389, 990, 445, 2121].entries()) {
      scene.syn(scanner, 52_000 + index, server, port, { answer: 'rst' })
      scene.wait(60_000)
    }
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners?.map(({ sentence }) => sentence)).toEqual([
      '203.0.113.9 probed 11 ports of 1 host; none is FTP',
    ])
  })

  it('does not end the sessions that are open when the table is full', () => {
    const scene = new Scene()
    const place = atServer('')
    const control = openControl({
      ...place,
      scene,
      client: scene.host('198.51.100.7'),
      server: scene.host('192.0.2.1'),
    })
    login(control)
    const scanner = scene.host('203.0.113.9')
    for (const target of hosts(scene, 200, '198.18.0')) probe(scene, scanner, target, 21, 'none')
    quit(control)
    const analysis = analysisOf(scene, { maxSessions: 20 })
    expect(outcomes(analysis)).toEqual(['ok'])
    expect(analysis.capture.anomalies).toEqual([])
  })
})

describe('A client that cannot connect is no scanner', () => {
  it.each([1, 3, 6])('that tries %d servers, which refuse', (count) => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    for (const [index, server] of hosts(scene, count).entries())
      scene.syn(client, 52_000 + index, server, 21, { answer: 'rst' })
    const analysis = analysisOf(scene)
    expect(outcomes(analysis)).toEqual(Array<string>(count).fill('failed'))
    expect(analysis.scanners).toBeUndefined()
  })

  it('that tries twenty servers, its system retransmitting the SYN to each', () => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    for (const [index, server] of hosts(scene, 20).entries()) scene.syn(client, 52_000 + index, server, 21)
    expect(outcomes(analysisOf(scene))).toEqual(Array<string>(20).fill('failed'))
  })

  it('that is refused again and again by one server', () => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    const server = scene.host('192.0.2.1')
    for (let attempt = 0; attempt < 30; attempt++) {
      scene.syn(client, 52_000 + attempt, server, 21, { answer: 'rst' })
      scene.wait(10_000)
    }
    expect(outcomes(analysisOf(scene))).toEqual(Array<string>(30).fill('failed'))
  })

  it('whose job has dialogues with as many servers as refuse it', () => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    for (const [index, server] of hosts(scene, 40).entries()) {
      if (index % 2 === 0) scene.syn(client, 50_000 + index, server, 21, { answer: 'rst' })
      else {
        const control = scene.connect(client, 50_000 + index, server, 21)
        control.server('220 Ready\r\n').client('USER a\r\n').server('331 Password\r\n').client('PASS b\r\n')
        control.server('230 In\r\n').client('QUIT\r\n').server('221 Bye\r\n').close('server')
      }
    }
    const analysis = analysisOf(scene)
    expect(outcomes(analysis).filter((outcome) => outcome === 'failed')).toHaveLength(20)
    expect(analysis.scanners).toBeUndefined()
  })

  it('whose job tries the same fifteen servers every hour', () => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    const servers = hosts(scene, 15)
    for (let hour = 0; hour < 3; hour++) {
      for (const [index, server] of servers.entries())
        scene.syn(client, 50_000 + 20 * hour + index, server, 21, { answer: 'rst' })
      scene.wait(3_600_000)
    }
    expect(outcomes(analysisOf(scene))).toEqual(Array<string>(45).fill('failed'))
  })

  it('behind the address of a scanner', () => {
    const scene = new Scene()
    const nat = scene.host('203.0.113.9')
    for (const target of hosts(scene, 60)) probe(scene, nat, target, 21, 'rst')
    const server = scene.host('198.51.100.21')
    for (let attempt = 0; attempt < 3; attempt++) {
      scene.syn(nat, 52_000 + attempt, server, 21, { answer: 'rst' })
      scene.wait(5000)
    }
    expect(outcomes(analysisOf(scene))).toEqual(['failed', 'failed', 'failed'])
  })

  it('that connects to many servers of other services as well', () => {
    const scene = new Scene()
    const client = scene.host('192.168.1.10')
    for (const [index, server] of hosts(scene, 40).entries()) {
      scene
        .connect(client, 50_000 + index, server, 443)
        .client('hello')
        .server('hello')
        .close('client')
      if (index % 4 === 0) scene.syn(client, 51_000 + index, server, 80, { answer: 'rst' })
    }
    scene.syn(client, 52_000, scene.host('198.51.100.21'), 21, { answer: 'rst' })
    const analysis = analysisOf(scene)
    expect(analysis.sessions.map(({ verdict }) => verdict.cause)).toEqual(['control-refused'])
  })

  it('whose passive data connections were refused before the server went down', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session)
    for (let port = 50_000; port < 50_008; port++) {
      ask(session, 'PASV', `227 Entering Passive Mode (203,0,113,20,${port >> 8},${port & 255}).`)
      place.scene.syn(place.client, port - 10_000, place.server, port, { answer: 'rst' })
      ask(session, 'LIST', '425 Failed to establish connection.')
    }
    quit(session)
    place.scene.wait(20_000)
    place.scene.syn(place.client, 53_000, place.server, 21, { answer: 'rst' })
    expect(outcomes(analysisOf(place.scene))).toEqual(['failed', 'failed'])
  })

  it('that reads the greeting, once', () => {
    const place = atClient('')
    const session = openControl(place)
    reply(session, '220 Ready')
    quit(session)
    const analysis = analysisOf(place.scene)
    expect(outcomes(analysis)).toEqual(['undetermined'])
    expect(analysis.scanners).toBeUndefined()
  })
})

describe('A health check is told as such', () => {
  const checked = (every: number, count: number, check: (scene: Scene, port: number) => void): Analysis => {
    const scene = new Scene()
    for (let index = 0; index < count; index++) {
      check(scene, 40_000 + index)
      scene.wait(every)
    }
    return analysisOf(scene)
  }
  const ends = (scene: Scene) => [scene.host('10.0.0.5'), scene.host('10.0.0.9')] as const

  it.each([
    [
      'HAProxy: connects and resets',
      (scene: Scene, port: number) => {
        const [balancer, server] = ends(scene)
        scene.connect(balancer, port, server, 21).reset('client')
      },
    ],
    [
      'keepalived, network load balancers: connects and closes',
      (scene: Scene, port: number) => {
        const [balancer, server] = ends(scene)
        scene.connect(balancer, port, server, 21).close('client')
      },
    ],
    [
      'F5: half open',
      (scene: Scene, port: number) => {
        const [balancer, server] = ends(scene)
        probe(scene, balancer, server, 21, 'open', Flag.Syn, { sourcePort: port })
      },
    ],
    [
      'Nagios, Zabbix: reads the greeting and sends QUIT',
      (scene: Scene, port: number) => {
        const [monitor, server] = ends(scene)
        const control = scene.connect(monitor, port, server, 21)
        control.server('220 ProFTPD Server ready.\r\n', { think: 5 })
        control.client('QUIT\r\n').server('221 Goodbye.\r\n').close('server')
      },
    ],
    [
      'reads the greeting and leaves, always from the same port',
      (scene: Scene) => {
        const [monitor, server] = ends(scene)
        const control = scene.connect(monitor, 40_000, server, 21)
        control.server('220 ProFTPD Server ready.\r\n', { think: 5 })
        control.reset('client')
      },
    ],
  ])('%s', (_, check) => {
    const analysis = checked(5000, 20, check)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([
      { kind: 'health-check', address: '10.0.0.5', target: { address: '10.0.0.9', port: 21 }, connections: 20 },
    ])
    expect(analysis.scanners?.[0]?.sentence).toMatch(
      /^10\.0\.0\.5 checked the health of 10\.0\.0\.9:21 20 times, about every 5(?:\.\d)? s, without a session$/,
    )
  })

  it('also while the server is down, if it was up before, and tells how often', () => {
    const scene = new Scene()
    const balancer = scene.host('10.0.0.5')
    const server = scene.host('10.0.0.9')
    for (let check = 0; check < 40; check++) {
      if (check < 20) scene.connect(balancer, 50_000 + check, server, 21).reset('client')
      else scene.syn(balancer, 50_000 + check, server, 21, { answer: 'rst' })
      scene.wait(2000)
    }
    scene.syn(scene.host('10.0.0.77'), 50_000, server, 21, { answer: 'rst' })
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toMatchObject([{ client: { address: '10.0.0.77' }, verdict: { outcome: 'failed' } }])
    expect(analysis.scanners).toMatchObject([{ kind: 'health-check', connections: 40, failed: 20 }])
    expect(analysis.scanners?.[0]?.sentence).toMatch(/; 20 of them were refused or not answered$/)
  })

  it('does not hide the session of a client of the same host', () => {
    const place = atClient('')
    for (let index = 0; index < 5; index++) {
      place.scene.connect(place.client, 40_000 + index, place.server, 21).close('client')
      place.scene.wait(2000)
    }
    const session = openControl(place)
    ask(session, 'USER alice', '331 Password please.')
    ask(session, 'PASS x', '530 Login incorrect.')
    quit(session)
    place.scene.wait(20_000)
    place.scene.syn(place.client, 53_000, place.server, 21)
    const analysis = analysisOf(place.scene)
    expect(outcomes(analysis)).toEqual(['failed', 'failed'])
    expect(analysis.scanners).toMatchObject([{ kind: 'health-check', connections: 5 }])
  })
})

describe('Floods are told in one line', () => {
  const forged = (scene: Scene, index: number) => scene.host(`198.18.${index >> 8}.${index & 255}`)

  it.each(['none', 'open-silent', 'open', 'rst'] as const)('SYNs from forged addresses, answered by %s', (answer) => {
    const scene = new Scene()
    const server = scene.host('192.0.2.1')
    for (let index = 0; index < 400; index++) {
      probe(scene, forged(scene, index), server, 21, answer, Flag.Syn, { sourcePort: 1024 + index })
      scene.wait(5)
    }
    scene.wait(200_000)
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([
      { kind: 'syn-flood', address: null, target: { address: '192.0.2.1', port: 21 }, connections: 400, sources: 400 },
    ])
  })

  it('does not hide the clients that fail because of it', () => {
    const scene = new Scene()
    const server = scene.host('192.0.2.1')
    for (let index = 0; index < 200; index++) probe(scene, forged(scene, index), server, 21, 'none')
    scene.syn(scene.host('203.0.113.77'), 52_000, server, 21)
    expect(outcomes(analysisOf(scene))).toEqual(['failed'])
  })

  it('answers that reach a victim whose address was forged', () => {
    const scene = new Scene()
    const victim = scene.host('203.0.113.77')
    for (const [index, reflector] of hosts(scene, 60).entries()) {
      for (let time = 0; time < 3; time++) stray(scene, reflector, 21, victim, 1024 + index, Flag.Syn | Flag.Ack)
      if (index % 2 === 0) stray(scene, victim, 1024 + index, reflector, 21, Flag.Rst)
    }
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([{ kind: 'reflection', address: '203.0.113.77', hosts: 60, ftp: 0 }])
  })

  it.each([Flag.Syn | Flag.Ack, Flag.Rst | Flag.Ack])('backscatter of a flood elsewhere, flags %d', (flags) => {
    const scene = new Scene()
    const server = scene.host('192.0.2.1')
    for (let index = 0; index < 120; index++) stray(scene, server, 21, forged(scene, index), 1024 + index, flags)
    const analysis = analysisOf(scene)
    expect(analysis.sessions).toEqual([])
    expect(analysis.scanners).toMatchObject([{ kind: 'backscatter', target: { address: '192.0.2.1', port: 21 } }])
  })
})
