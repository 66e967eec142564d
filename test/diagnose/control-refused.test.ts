import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { connectionLimit } from '../../src/diagnose/rules/control/connection-limit.js'
import { controlHandshakeIncomplete } from '../../src/diagnose/rules/control/control-handshake-incomplete.js'
import { controlRefused } from '../../src/diagnose/rules/control/control-refused.js'
import { controlUnanswered } from '../../src/diagnose/rules/control/control-unanswered.js'
import { controlUnreachable } from '../../src/diagnose/rules/control/control-unreachable.js'
import { greetingDelayed } from '../../src/diagnose/rules/control/greeting-delayed.js'
import { greetingMissing } from '../../src/diagnose/rules/control/greeting-missing.js'
import { loginRejected } from '../../src/diagnose/rules/control/login-rejected.js'
import { serviceUnavailable } from '../../src/diagnose/rules/control/service-unavailable.js'
import { Connection, Direction } from '../../src/tcp/connection.js'
import { CLIENT, SERVER, SessionBuilder } from './session-builder.js'

const { FromInitiator: FromClient, FromResponder: FromServer } = Direction
const sibling = { clientPort: 49_099, firstFrame: 90, answered: true }

describe('control-refused', () => {
  const refused = (hopLimit: number) => new SessionBuilder().syn(0).reset(FromServer, 0.02, { hopLimit })

  it.each([
    [64, 'the sender is beside the point of capture'],
    [63, 'the sender is 1 router away'],
    [57, 'the sender is 7 routers away'],
    [254, 'likely a firewall that rejects the connection'],
  ])('tells by the TTL %i of the RST that %s', (hopLimit, words) => {
    const [found] = observe(controlRefused, refused(hopLimit).judged())
    expect(found).toMatchObject({ side: 'server', rivals: [] })
    expect(found?.message).toContain(words)
  })

  it('blames a firewall for a RST that has not the TTL of the other packets of the server', () => {
    const session = refused(254).judged()
    // A late SYN,ACK of an earlier SYN: the only packet that is the server's own.
    Object.assign(session.control.flows[FromServer], { hopLimit: 57, packets: 2 })
    const [found] = observe(controlRefused, session)
    expect(found?.side).toBe('server-network')
    expect(found?.message).toContain("The RST has TTL 254, the server's other packets 57")
  })

  it('names a connection that the server answered before, and open ones as a sign of a limit', () => {
    const [found] = observe(controlRefused, refused(57).sibling(sibling).judged())
    expect(found?.message).toContain('The same server had answered the same client before.')
    expect(found?.evidence.at(-1)).toEqual({ frame: 90, note: 'a connection that was answered' })
    expect(found?.rivals).toEqual(['connection-limit'])
  })
})

describe('control-unanswered', () => {
  it('waits three seconds for the answer to a lone SYN', () => {
    expect(observe(controlUnanswered, new SessionBuilder().syn(0).judged(2))).toEqual([])
    const [found] = observe(controlUnanswered, new SessionBuilder().syn(0).judged(4))
    expect(found).toMatchObject({ confidence: 'medium', rivals: [] })
    expect(found?.message).toContain('1 time in 4.0 s')
  })

  it('counts the routers that the SYNs had passed', () => {
    for (const [hopLimit, words] of [
      [63, '1 router up'],
      [50, '14 routers up'],
    ] as const) {
      const builder = new SessionBuilder().syn(0, 1, 3)
      builder.control.flows[FromClient].hopLimit = hopLimit
      const [found] = observe(controlUnanswered, builder.judged(9))
      expect(found?.message).toContain(words)
      expect(found?.rivals).toEqual(['control-handshake-incomplete'])
    }
  })

  it('knows that the address is right where the server answered another connection of the client', () => {
    const [found] = observe(
      controlUnanswered,
      new SessionBuilder()
        .syn(0, 1, 3)
        .sibling({ ...sibling, end: -5e9 })
        .judged(9),
    )
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain('so address and route are right')
    const [limited] = observe(controlUnanswered, new SessionBuilder().syn(0, 1, 3).sibling(sibling).judged(9))
    expect(limited).toMatchObject({ confidence: 'medium', rivals: ['connection-limit'] })
  })
})

describe('control-unreachable', () => {
  const unreachable = (facts: { type: number; code: number; from: string }) =>
    observe(controlUnreachable, new SessionBuilder().syn(0).icmp(0.1, facts).judged(5))

  it('tells a loop, a filter on the server, and a host that is not there', () => {
    const [loop] = unreachable({ type: 11, code: 0, from: '192.0.2.1' })
    expect(loop?.side).toBe('path')
    expect(loop?.message).toContain('the packet runs in a loop between routers')
    expect(loop?.remedy?.[0]).toContain('find the loop with a traceroute')
    const [own] = unreachable({ type: 3, code: 13, from: SERVER })
    expect(own?.side).toBe('server')
    expect(own?.message).toContain('answered by the server itself')
    const [absent] = unreachable({ type: 3, code: 1, from: '192.0.2.1' })
    expect(absent?.remedy?.[0]).toContain('repair the route')
  })

  it('blames the network of the client for an error that no router has passed on', () => {
    const builder = new SessionBuilder().syn(0).icmp(0.1, { type: 3, code: 13, from: '192.168.1.1' })
    builder.control.icmpErrors[0]!.hopLimit = 64
    expect(observe(controlUnreachable, builder.judged(5))[0]?.side).toBe('client-network')
    builder.control.icmpErrors[0]!.hopLimit = 60
    expect(observe(controlUnreachable, builder.judged(5))[0]?.side).toBe('server-network')
  })

  it('takes no notice of an ICMP error that says nothing of reachability', () => {
    expect(unreachable({ type: 3, code: 4, from: '192.0.2.1' })).toEqual([])
  })
})

describe('control-handshake-incomplete', () => {
  it('waits three seconds for the answer to a lone SYN,ACK', () => {
    const half = () => new SessionBuilder().syn(0).synAck(0.04)
    expect(observe(controlHandshakeIncomplete, half().judged(2))).toEqual([])
    expect(observe(controlHandshakeIncomplete, half().judged(4))[0]?.confidence).toBe('medium')
  })

  it('sees a client whose host does not know of the connection', () => {
    const session = new SessionBuilder().syn(0).synAck(0.04).reset(FromClient, 0.05).judged()
    const [found] = observe(controlHandshakeIncomplete, session)
    expect(found).toMatchObject({ side: 'client-network', confidence: 'medium' })
    expect(found?.message).toContain('answered it with RST')
    expect(found?.evidence.map(({ note }) => note)).toContain(`RST in the name of ${CLIENT} (TTL 64)`)
  })

  it('says nothing of a client that speaks, since its acknowledgment was not captured then', () => {
    const session = new SessionBuilder().syn(0).synAck(0.04, 1.04).command(1.3, 'USER alice').judged(9)
    expect(observe(controlHandshakeIncomplete, session)).toEqual([])
  })
})

describe('connection-limit', () => {
  it('takes a RST to one SYN more than are open for a limit, and names the refusal as a rival', () => {
    const session = new SessionBuilder().syn(0).reset(FromServer, 0.02).sibling({}).sibling({}).judged()
    const [found] = observe(connectionLimit, session)
    expect(found?.rivals).toEqual(['control-refused'])
    expect(found?.message).toContain('the SYN of the next one was refused with RST')
  })

  it('is not suspected where an ICMP error says what happened, nor of a lone SYN', () => {
    const told = new SessionBuilder().syn(0, 1, 3).icmp(3.1, { type: 3, code: 13, from: '192.0.2.1' })
    const lone = new SessionBuilder().syn(0)
    for (const builder of [told, lone])
      expect(observe(connectionLimit, builder.sibling({}).sibling({}).judged(9))).toEqual([])
  })

  it('shows the command that a 530 turned away, unless the user got in afterwards', () => {
    const turned = () =>
      new SessionBuilder()
        .handshake()
        .reply(0.1, '220 Ready')
        .command(0.2, 'USER alice')
        .reply(0.3, '530 Sorry, the maximum number of clients (2) from your host are already connected.')
    const [found] = observe(connectionLimit, turned().sibling(sibling).judged())
    expect(found?.message).toContain('The client had 1 other control connections open')
    expect(found?.evidence.map(({ note }) => note)).toContain('USER alice')
    const later = turned()
    later.dialogue.login = 'accepted'
    expect(observe(connectionLimit, later.judged())).toEqual([])
  })
})

describe('greeting-delayed', () => {
  const delayed = () => new SessionBuilder().handshake()

  it('is an error where the client had given up by then', () => {
    const [found] = observe(greetingDelayed, delayed().fin(FromClient, 20).reply(25, '220 Ready').judged())
    expect(found).toMatchObject({ severity: 'error', side: 'server' })
    expect(found?.message).toContain('when the client had given up already')
    expect(found?.evidence.at(-1)?.note).toBe('the client closes')
  })

  it('knows that the server had announced it with 120', () => {
    const [found] = observe(
      greetingDelayed,
      delayed()
        .reply(0.1, '120 Ready in 1 minute', { unasked: true })
        .reply(61, '220 Ready', { unasked: true })
        .judged(),
    )
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain('It had announced the delay with 120.')
    expect(found?.evidence.map(({ note }) => note)).toContain('120 Ready in 1 minute')
  })

  it('does not blame an ident query that was refused at once, but shows it', () => {
    for (const answered of [true, false]) {
      const ends = [
        { address: SERVER, port: 41_872 },
        { address: CLIENT, port: 113 },
      ] as const
      const ident = new Connection(1, 4, ...ends, { frame: 4, time: 0.1e9 })
      ident.syns.push({ frame: 4, time: 0.1e9 })
      ident.synAttempts = 1
      ident.synAckAttempts = 1
      if (answered) {
        const reset = { frame: 5, time: 0.11e9, direction: FromServer, hopLimit: 64, identification: 0, window: 0 }
        ident.resets.push({ ...reset, answersSyn: true })
        ident.resetCount = 1
      }
      const session = delayed().reply(10, '220 Ready').judged()
      session.surroundings.ident.push(ident)
      const [found] = observe(greetingDelayed, session)
      expect(found?.side).toBe('server')
      expect(found?.evidence.map(({ frame }) => frame)).toEqual(answered ? [4, 3, 4, 5] : [4, 3, 4])
    }
  })
})

describe('greeting-missing', () => {
  it('is less sure where the capture ends, and gives the server half a minute', () => {
    expect(observe(greetingMissing, new SessionBuilder().handshake().judged(20))).toEqual([])
    const [found] = observe(greetingMissing, new SessionBuilder().handshake().judged(40))
    expect(found?.confidence).toBe('medium')
    expect(found?.message).toContain('it is still silent 40.0 s later, where the capture ends')
  })

  it('tells a server that closes or resets from a client that only probed the port', () => {
    const [closed] = observe(greetingMissing, new SessionBuilder().handshake().fin(FromServer, 0.2).judged(1))
    expect(closed?.message).toContain('it closed the connection after 0.16 s')
    expect(closed?.rivals).toEqual(['connection-limit'])
    const [reset] = observe(greetingMissing, new SessionBuilder().handshake().reset(FromServer, 0.2).judged(1))
    expect(reset?.message).toContain('it reset the connection')
    expect(observe(greetingMissing, new SessionBuilder().handshake().fin(FromClient, 0.2).judged(1))).toEqual([])
  })

  it('sees beside the server that its greeting is sent again and again and never acknowledged', () => {
    const greeted = () => new SessionBuilder().handshake().reply(0.1, '220 Ready', { acknowledged: false })
    const [found] = observe(greetingMissing, greeted().retransmit(FromServer, 0.3, 0.7, 1.5).judged(9))
    expect(found).toMatchObject({ side: 'path', confidence: 'high' })
    expect(found?.message).toContain('was sent 4 times and never acknowledged')
    expect(observe(greetingMissing, greeted().retransmit(FromServer, 0.3).judged(9))).toEqual([])
  })
})

describe('login-rejected', () => {
  const rejected = (line: string) => {
    const builder = new SessionBuilder().handshake().reply(0.1, '220 Ready')
    return builder.command(0.3, 'PASS x').reply(3, line)
  }

  it('speaks of a user without a name where no USER was captured', () => {
    expect(observe(loginRejected, rejected('530 Login incorrect.').judged())[0]?.message).toContain(
      'login of a user from',
    )
  })

  it('blames the server for an account that is in order and fails behind the password', () => {
    const [chroot] = observe(
      loginRejected,
      rejected('500 OOPS: vsftpd: refusing to run with writable root inside chroot()').judged(),
    )
    expect(chroot?.side).toBe('server')
    expect(chroot?.remedy?.[0]).toContain('allow_writeable_chroot=YES')
    const [home] = observe(loginRejected, rejected('530 User cannot log in, home directory inaccessible.').judged())
    expect(home?.remedy?.[0]).toContain("create the user's home folder")
  })
})

describe('service-unavailable', () => {
  it('sees a server that asks for patience with 120 and never becomes ready', () => {
    const waiting = () => new SessionBuilder().handshake().reply(0.1, '120 Ready in 1 minute', { unasked: true })
    const [found] = observe(serviceUnavailable, waiting().fin(FromServer, 60.1).judged())
    expect(found?.message).toContain('asked 192.168.1.10 for patience, "120 Ready in 1 minute", and never became ready')
    expect(found?.evidence.at(-1)?.note).toBe('the connection is over, 60.0 s later, without a 220')
    expect(observe(serviceUnavailable, waiting().judged(60))).toEqual([])
  })

  it('leaves a 421 over a missing data connection to the rules on that', () => {
    const session = new SessionBuilder().handshake().login().command(1, 'LIST').reply(2, '421 Service not available.')
    expect(observe(serviceUnavailable, session.judged())).toHaveLength(1)
    expect(observe(serviceUnavailable, session.unseenData('failed').judged())).toEqual([])
  })
})
