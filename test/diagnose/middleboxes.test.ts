import { describe, expect, it } from 'vitest'
import { addressTranslated } from '../../src/diagnose/rules/middleboxes/address-translated.js'
import { announcementRewritten } from '../../src/diagnose/rules/middleboxes/announcement-rewritten.js'
import { announcementSwallowed } from '../../src/diagnose/rules/middleboxes/announcement-swallowed.js'
import { trackerPrediction } from '../../src/diagnose/rules/middleboxes/tracker-prediction.js'
import { loadBalancerSplit } from '../../src/diagnose/rules/passive/load-balancer-split.js'
import { sessionsOf } from '../correlate/follow.js'
import {
  ask,
  command,
  dial,
  dialBack,
  dialInVain,
  epsv,
  ftpSession,
  list,
  listBack,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import type { HostOptions } from '../support/host.js'
import { atClient, atServer, inLan, openControl } from '../support/places.js'
import { Scene } from '../support/scene.js'
import { observe } from './observe.js'
import { leave, observed, says } from './played.js'

describe('announcement-swallowed', () => {
  const again = (attempts: number) => ({ attempts, timeout: 230 })
  const swallowed = (attempts: number, line = 'PORT 192,168,1,10,204,76', end = '\r\n') =>
    observed(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', line + end, again(attempts))
      session.control.server('220 still here\r\n')
      session.scene.wait(5000)
      leave(session)
    })

  it('is surer with each repetition', () => {
    expect(swallowed(2)).toEqual([])
    expect(swallowed(3)[0]).toMatchObject({ confidence: 'medium', fact: { retransmissions: 2 } })
    const [found] = swallowed(4)
    expect(found).toMatchObject({
      confidence: 'high',
      rivals: ['command-unanswered'],
      fact: {
        kind: 'not-acknowledged',
        mode: 'active',
        announcement: { command: 'PORT', argument: '192,168,1,10,204,76' },
        sender: '192.168.1.10',
        retransmissions: 3,
        oddity: null,
        malformed: null,
      },
    })
    expect(found?.evidence.map(({ note }) => note).at(-1)).toBe('last payload from the other host')
  })

  it('says nothing where the other side is silent, too', () => {
    const found = observed(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', 'PORT 192,168,1,10,204,76\r\n', again(4))
    })
    expect(found).toEqual([])
  })

  it('does without the last payload of a server that has sent none', () => {
    const [found] = says(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', 'PORT 192,168,1,10,204,76\r\n', again(4))
      session.control.keepAlive('server', false)
    })
    expect(found?.evidence).toHaveLength(3)
  })

  it('says nothing where another segment is repeated', () => {
    const found = observed(announcementSwallowed, atClient(''), (session) => {
      port(session, 52_300)
      session.control.unacknowledged('client', 'LIST\r\n', again(4))
      session.control.server('220 still here\r\n')
      leave(session)
    })
    expect(found).toEqual([])
  })

  it('says nothing of a session that was captured from the middle, or in one direction', () => {
    const lost = (session: FtpSession) => {
      session.control.unacknowledged('client', 'PORT 192,168,1,10,204,76\r\n', again(4))
      session.control.server('220 still here\r\n')
    }
    expect(observed(announcementSwallowed, atClient(''), lost, { captured: false })).toEqual([])
    const place = atClient('')
    const session = openControl(place)
    login(session)
    lost(session)
    place.scene.drop(({ source }) => source === place.server.address)
    expect(observe(announcementSwallowed, sessionsOf(place.scene)[0]!)).toEqual([])
  })

  it.each([
    ['two blanks', 'PORT  192,168,1,10,204,76', 'two-blanks', '\r\n'],
    ['a service port', 'PORT 192,168,1,10,0,25', 'privileged-port', '\r\n'],
    ['a bare line feed', 'PORT 192,168,1,10,204,76', 'bare-line-feed', '\n'],
  ] as const)('names %s that an ALG may object to', (_, line, oddity, end) => {
    const [found] = swallowed(4, line, end)
    expect(found?.fact.oddity).toBe(oddity)
    expect(found?.remedy[2]).toMatch(/^what an ALG may object to/)
  })

  it('names what makes the announcement unreadable', () => {
    const [found] = swallowed(4, 'PORT 300,168,1,10,204,76')
    expect(found?.fact.malformed).toContain('larger than 255')
    expect(found?.remedy[2]).toContain('larger than 255')
  })

  it('sees that the reply with the port is lost, with an address that a 229 has no use for', () => {
    const [found] = observed(announcementSwallowed, atServer(''), (session) => {
      command(session, 'EPSV')
      const line = '229 Entering Extended Passive Mode (|1|203.0.113.20|50005|)\r\n'
      session.control.unacknowledged('server', line, again(4))
      session.scene.wait(5000)
      session.control.keepAlive('client', false)
    })
    expect(found?.fact).toMatchObject({
      kind: 'not-acknowledged',
      mode: 'passive',
      announcement: { code: 229 },
      sender: '203.0.113.20:21',
      oddity: 'address-in-229',
    })
    expect(found?.evidence).toHaveLength(4)
  })

  it('says nothing where another reply is repeated, none was captured, or the announcement was refused', () => {
    const atTheServer = (play: (session: FtpSession) => void) =>
      observed(announcementSwallowed, atServer(''), (session) => {
        play(session)
        session.control.keepAlive('client', false)
      })
    const refused = atTheServer((session) => {
      command(session, 'EPSV')
      session.control.unacknowledged('server', '502 No.\r\n', again(4))
    })
    const later = atTheServer((session) => {
      pasv(session, 50_005)
      command(session, 'NOOP')
      session.control.unacknowledged('server', '200 Ok.\r\n', again(4))
    })
    const earlier = atTheServer((session) => {
      command(session, 'NOOP')
      session.control.unacknowledged('server', '200 Ok.\r\n', again(4))
      command(session, 'PASV')
    })
    expect([refused, later, earlier]).toEqual([[], [], []])
  })

  describe('after the middlebox', () => {
    /** The first part of the 227 is dropped, as where a line split in two is a partial match; the rest arrives. */
    const holed = (then: (session: FtpSession) => void, asked = 'PASV') =>
      observed(announcementSwallowed, atClient(''), (session) => {
        command(session, asked)
        session.control.server('227 Entering Passive Mode (203,0,113', { captured: false, delivered: false })
        session.control.server(',20,195,85).\r\n')
        then(session)
      })
    const wait = (milliseconds: number) => (session: FtpSession) => {
      session.scene.wait(milliseconds)
      session.control.keepAlive('client', false)
    }

    it('is the hole where the reply to PASV should be, three seconds later', () => {
      expect(holed(wait(1000))).toEqual([])
      const [found] = holed(wait(6000))
      expect(found).toMatchObject({
        confidence: 'medium',
        fact: {
          kind: 'hole',
          mode: 'passive',
          announcement: { command: 'PASV', argument: null },
          sender: '203.0.113.20:21',
          missingBytes: 36,
        },
      })
      expect(found?.fact.waitedNs).toBeGreaterThan(3e9)
      expect(found?.evidence.map(({ note }) => note)[1]).toBe('data after a hole of 36 bytes')
    })

    it('is the same where the server gives up waiting and says 421', () => {
      const [found] = holed((session) => {
        session.scene.wait(300_000)
        reply(session, '421 Timeout.')
        session.control.fin('server')
      })
      expect(found?.fact).toMatchObject({ kind: 'hole', missingBytes: 36 })
    })

    it('says nothing of another command, of one that was never acknowledged, or where no byte is missing', () => {
      const other = holed(wait(6000), 'STAT')
      const unacknowledged = observed(announcementSwallowed, atClient(''), (session) => {
        session.control.client('PASV\r\n', { delivered: false })
        session.scene.wait(6000)
        session.control.keepAlive('client', false)
      })
      const whole = observed(announcementSwallowed, atClient(''), (session) => {
        command(session, 'PASV')
        session.scene.wait(6000)
        session.control.keepAlive('server', false)
      })
      expect([other, unacknowledged, whole]).toEqual([[], [], []])
    })

    it('says nothing where the client acknowledges the hole: only the capture lacks it', () => {
      const found = observed(announcementSwallowed, atClient(''), (session) => {
        command(session, 'PASV')
        session.control.server('227 Entering Passive Mode (203,0,113', { captured: false })
        session.control.server(',20,195,85).\r\n')
        wait(6000)(session)
      })
      expect(found).toEqual([])
    })
  })
})

describe('announcement-rewritten', () => {
  interface Side {
    lines: readonly string[]
    /** The end of the control connection was captured on this side. */
    ends?: boolean
  }

  /** One control connection on both sides of a router, each of its packets first on the side of the client. */
  const seen = (inner: Side, outer: Side) => {
    const scene = new Scene({ description: '' })
    const play = ({ lines, ends = true }: Side, client: [string, HostOptions], server: [string, HostOptions]) => {
      const initialSequences = [0x10203040, 0x50607080] as const
      const session = ftpSession(scene, scene.host(...client), scene.host(...server), { initialSequences })
      login(session)
      for (const line of lines) ask(session, line, '200 Ok.')
      if (ends) quit(session)
    }
    scene.meanwhile(() => {
      play(inner, ['192.168.1.10', { hopLimit: 64, distance: 0.2 }], ['203.0.113.20', { hopLimit: 57 }])
    })
    play(outer, ['198.51.100.7', { hopLimit: 63, distance: 0.4 }], ['203.0.113.20', { hopLimit: 58 }])
    // A session that has ended is judged a while after it.
    scene.wait(600_000)
    scene.udp(scene.host('203.0.113.30'), 40_053, scene.host('203.0.113.53'), 53, 'query')
    const sessions = sessionsOf(scene)
    expect(sessions.filter(({ surroundings }) => surroundings.sameSession)).toHaveLength(1)
    return sessions.flatMap((session) => observe(announcementRewritten, session))
  }
  const inside = 'PORT 192,168,1,10,204,76'
  const outside = 'PORT 198,51,100,7,204,76'

  it('tells by the frames which side is before the middlebox, whichever side is judged first', () => {
    const before = { client: '192.168.1.10', server: '203.0.113.20', announced: '192.168.1.10:52300' }
    const after = { client: '198.51.100.7', server: '203.0.113.20', announced: '198.51.100.7:52300' }
    for (const ends of [true, false]) {
      const [found] = seen({ lines: [inside], ends }, { lines: [outside] })
      expect(found?.fact).toEqual({ kind: 'rewritten', verb: 'PORT', before, after, count: 1 })
      const frames = found?.evidence.map(({ frame }) => frame) ?? []
      expect(frames[0]).toBeLessThan(frames[1]!)
    }
  })

  it('counts all that were changed', () => {
    const [found] = seen(
      { lines: [inside, inside, 'PORT 203,0,113,99,204,77'] },
      { lines: [outside, 'PORT 192,168,1,10,204,99', 'PORT 203,0,113,99,204,77'] },
    )
    expect(found?.fact.count).toBe(2)
    expect(found?.message).toContain('; 2 announcements were rewritten in total.')
  })

  it('compares only what both sides have, and can be read', () => {
    expect(seen({ lines: [inside] }, { lines: ['EPRT |1|198.51.100.7|52300|'] })).toEqual([])
    expect(seen({ lines: ['PORT 192,168,1,10,300,76'] }, { lines: [outside] })).toEqual([])
    expect(seen({ lines: [inside] }, { lines: ['PORT 198,51,100,7,300,76'] })).toEqual([])
    expect(seen({ lines: [inside] }, { lines: [] })).toEqual([])
    expect(seen({ lines: [inside] }, { lines: [inside] })).toEqual([])
  })
})

describe('address-translated', () => {
  it('is told of the client in active mode, and of a place between announcement and translator', () => {
    const [found] = observed(addressTranslated, atServer('', { client: '192.168.1.10' }), (session) => {
      // A public address was announced, and a private one is reached: this capture is after the NAT of the client.
      port(session, 52_300, { address: '198.51.100.7' })
      command(session, 'LIST')
      const data = dialBack(session, 52_300)
      reply(session, '150 Here.')
      data.client('a\r\n').close('client')
      reply(session, '226 Done.')
      quit(session)
    })
    expect(found).toMatchObject({
      side: 'client-network',
      harmless: true,
      fact: { kind: 'inward', by: 'client', announced: '198.51.100.7:52300', reached: '192.168.1.10:52300' },
    })
    const [outward] = observed(addressTranslated, atClient(''), (session) => {
      pasv(session, 50_005, '10.0.0.21')
      const other = session.scene.host('203.0.113.77', { hopLimit: 57 })
      list(session, session.scene.connect(session.client, session.nextPort++, other, 50_005))
      quit(session)
    })
    expect(outward).toMatchObject({ side: 'server-network', fact: { kind: 'in-between', by: 'server' } })
  })

  it('says nothing of a data connection to the announced address', () => {
    const found = observed(addressTranslated, atClient(''), (session) => {
      retrieve(session)
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('takes the address of the control connection for the one that EPSV announces', () => {
    const [found] = observed(addressTranslated, atClient(''), (session) => {
      epsv(session, 50_005)
      const other = session.scene.host('10.0.0.21', { hopLimit: 57 })
      list(session, session.scene.connect(session.client, session.nextPort++, other, 50_005))
      quit(session)
    })
    expect(found?.fact).toMatchObject({ announced: '203.0.113.20:50005', reached: '10.0.0.21:50005' })
  })
})

describe('tracker-prediction', () => {
  const predicted = (play: (session: FtpSession) => void) =>
    observed(trackerPrediction, inLan(''), (session) => {
      play(session)
      leave(session)
    })

  it('says where in its segments the announcement lies', () => {
    const note = (play: (session: FtpSession) => void) => predicted(play)[0]?.evidence[0].note
    const line = 'PORT 10,1,0,2,204,76\r\n'
    expect(note(({ control }) => control.client(`NOOP\r\n${line}`))).toContain('not at the start of its segment')
    expect(note(({ control }) => control.client(line, { segment: 9 }))).toContain('split across two segments')
    expect(
      note((session) => {
        command(session, 'PORT 10,1,0,2, 204,76')
      }),
    ).toContain('control connection between 10.1.0.2')
  })

  it('says what each ALG would do, and how many others there are', () => {
    const [found] = predicted((session) => {
      ask(session, 'PORT 10,1,0,2,204,76 ', '200 Ok.')
    })
    expect(found?.fact).toMatchObject({
      announcement: { command: 'PORT' },
      deviations: [
        { alg: 'Linux nf_conntrack_ftp', treatment: 'dropped' },
        { alg: "IPFilter's FTP proxy", treatment: 'missed' },
        { alg: 'OpenBSD ftp-proxy', treatment: 'closed' },
      ],
      others: 3,
    })
    expect(found?.remedy).toHaveLength(5)
  })

  it.each([
    ['LPRT 4,4,10,1,0,2,2,204,76', 0, 'no ALG simulated here recognizes it'],
    ['\tPORT 10,1,0,2,204,76', 1, 'the other one recognizes it'],
  ])('counts the others in words: %s', (line, others, words) => {
    const [found] = predicted((session) => {
      ask(session, line, '200 Ok.')
    })
    expect(found?.fact.others).toBe(others)
    expect(found?.message).toContain(words)
  })

  it('takes a command before the reply to the previous one for pipelined', () => {
    const [found] = predicted(({ control }) => {
      control.client('NOOP\r\n').client('PORT 10,1,0,2,204,76\r\n')
    })
    expect(found?.fact.deviations).toMatchObject([
      { treatment: 'dropped', alg: expect.stringContaining('strict') as string },
    ])
  })

  it('says nothing of what works and most ALGs read, or of what only the address decides', () => {
    const works = predicted((session) => {
      ask(session, 'PASV', '227 entering passive mode (10,1,0,20,195,85)')
      list(session, dial(session, 50_005))
    })
    const usual = predicted((session) => {
      port(session, 52_300)
      listBack(session, 52_300)
      for (const end of [')', ').']) {
        ask(session, 'PASV', `227 Entering Passive Mode (10,1,0,20,195,85${end}`)
        list(session, dial(session, 50_005))
      }
    })
    const otherAddress = predicted((session) => {
      port(session, 52_300, { address: '10.9.8.7' })
    })
    const refused = predicted((session) => {
      ask(session, 'PORT 10,1,0,2,204,76 ', '501 Syntax error.')
    })
    const unanswered = predicted((session) => {
      command(session, 'PASV')
    })
    expect([works, usual, otherAddress, refused, unanswered]).toEqual([[], [], [], [], []])
  })

  it('prefers an announcement that failed, then one that most ALGs would miss, among the first 64', () => {
    const [failed] = predicted((session) => {
      ask(session, 'PASV', '227 Mode 2 on (10, 1, 0, 20, 195, 85)')
      list(session, dial(session, 50_005))
      ask(session, 'PORT 10,1,0,2,204,76 ', '200 Ok.')
    })
    expect(failed?.fact.announcement).toMatchObject({ command: 'PORT' })
    const last = (count: number) =>
      predicted((session) => {
        for (let i = 0; i < count; i++) ask(session, 'PORT 10,1,0,2,204,76 ', '200 Ok.')
        ask(session, 'LPRT 4,4,10,1,0,2,2,204,76', '200 Ok.')
      })[0]?.fact.announcement
    expect(last(63)).toMatchObject({ command: 'LPRT' })
    expect(last(64)).toMatchObject({ command: 'PORT' })
  })
})

describe('load-balancer-split', () => {
  const FAILED = '425 Failed to establish connection.'
  const SERVER = { hopLimit: 57, timestampBase: 1_000_000 }

  /** Another machine takes the data connection, and the server of the control connection says 425. */
  const split = (look: HostOptions, then: (session: FtpSession) => void = leave, server: HostOptions = SERVER) =>
    observed(loadBalancerSplit, atClient('', { serverLook: server }), (control) => {
      pasv(control, 50_005)
      const other = control.scene.host(control.server.address, { ...server, distance: 10, ...look })
      const data = control.scene.connect(control.client, control.nextPort++, other, 50_005)
      command(control, 'RETR report.bin')
      control.scene.wait(30_000)
      data.reset('server')
      reply(control, FAILED)
      then(control)
    })

  it.each([
    ['TTL', { hopLimit: 121 }, { trait: 'ttl', control: 57, data: 121 }],
    ['MSS', { maximumSegmentSize: 1380 }, { trait: 'mss', control: 1460, data: 1380 }],
    ['window scale', { windowScale: 8 }, { trait: 'windowScale', control: 7, data: 8 }],
    ['timestamps', { timestamps: false }, { trait: 'timestamps' }],
  ] as const)('knows another machine by its %s, and is surer with two differences', (_, look, difference) => {
    const [found] = split(look)
    expect(found).toMatchObject({
      confidence: 'medium',
      fact: { kind: 'split', target: '203.0.113.20:50005', differences: [difference] },
    })
    expect(found?.fact.differences).toHaveLength(1)
    expect(found?.evidence.map(({ note }) => note).join()).toMatch(/SYN,ACK from .*RST from 203\.0\.113\.20.*425/)
    expect(split({ ...look, hopLimit: 121, windowScale: 9 })[0]?.confidence).toBe('high')
  })

  it('names each difference', () => {
    const [found] = split({ hopLimit: 121, maximumSegmentSize: 1380, windowScale: 8, timestamps: false })
    expect(found?.message).toContain('TTL 121 instead of 57, MSS 1380 instead of 1460, window scale 8 instead of 7, ')
    expect(found?.message).toContain('TCP timestamps used by only one of them')
  })

  it('takes another timestamp clock only as support of another difference', () => {
    for (const timestampBase of [5, 9_000_000]) {
      const [found] = split({ hopLimit: 121, timestampBase })
      expect(found?.fact.differences.map(({ trait }) => trait)).toEqual(['ttl', 'timestampClock'])
      expect(found?.message).toContain('a different TCP timestamp clock')
      expect(split({ timestampBase })).toEqual([])
    }
  })

  it('compares no clocks where neither uses timestamps', () => {
    const [found] = split({ hopLimit: 121 }, leave, { ...SERVER, timestamps: false })
    expect(found?.fact.differences).toEqual([{ trait: 'ttl', control: 57, data: 121 }])
  })

  it('warns only where the same file came later', () => {
    const [found] = split({ hopLimit: 121 }, (control) => {
      retrieve(control, { port: 50_006 })
      quit(control)
    })
    expect(found?.severity).toBe('warning')
  })

  it('knows a refusal by a hop limit of another initial value', () => {
    const refused = (hopLimit: number) =>
      observed(loadBalancerSplit, atClient(''), (session) => {
        pasv(session, 50_005)
        dialInVain(session, 50_005, { answer: { rst: { hopLimit } } })
        leave(session)
      })
    expect(refused(60)).toEqual([])
    const [found] = refused(121)
    expect(found).toMatchObject({ confidence: 'medium', rivals: ['passive-port-refused'] })
    expect(found?.evidence.map(({ note }) => note).join()).not.toContain('SYN,ACK')
  })

  /** The data connection as far as `play` lets it come, on another machine. */
  const answered = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, captured = true) =>
    observed(loadBalancerSplit, atClient(''), (session) => {
      pasv(session, 50_005)
      const other = session.scene.host(session.server.address, { hopLimit: 121, distance: 10 })
      const data = session.scene.connect(session.client, session.nextPort++, other, 50_005, { captured })
      command(session, 'RETR report.bin')
      play(data, session)
      leave(session)
    })

  it('names the client as the sender of its RST', () => {
    const [found] = answered((data, session) => {
      data.reset('client')
      reply(session, FAILED)
    })
    expect(found?.evidence.map(({ note }) => note).join()).toContain('RST from 192.168.1.10')
  })

  it('is found on a connection that stays open, if the server misses it', () => {
    const open = (answer: string) =>
      answered((_, session) => {
        reply(session, answer)
      })
    expect(open(FAILED)[0]).toMatchObject({ rivals: [], fact: { kind: 'split' } })
    expect(open('550 Failed to open file.')).toEqual([])
  })

  it('says nothing without the answer of the other machine, or of another address', () => {
    const unseen = answered((data, session) => {
      data.reset('client')
      reply(session, FAILED)
    }, false)
    const elsewhere = observed(loadBalancerSplit, atClient(''), (session) => {
      pasv(session, 50_005, '203.0.113.77')
      const target = session.scene.host('203.0.113.77', { hopLimit: 121 })
      dialInVain(session, 50_005, { answer: 'rst', target })
      leave(session)
    })
    expect([unseen, elsewhere]).toEqual([[], []])
  })
})
