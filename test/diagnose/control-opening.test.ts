import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { connectionLimit } from '../../src/diagnose/rules/control/connection-limit.js'
import { controlHandshakeIncomplete } from '../../src/diagnose/rules/control/control-handshake-incomplete.js'
import { controlUnanswered } from '../../src/diagnose/rules/control/control-unanswered.js'
import { controlUnreachable } from '../../src/diagnose/rules/control/control-unreachable.js'
import { greetingDelayed } from '../../src/diagnose/rules/control/greeting-delayed.js'
import { greetingMissing } from '../../src/diagnose/rules/control/greeting-missing.js'
import { tlsModeMismatch } from '../../src/diagnose/rules/control/tls-mode-mismatch.js'
import { Connection, Direction } from '../../src/tcp/connection.js'
import { CLIENT, SERVER, SessionBuilder } from './session-builder.js'

const { FromInitiator: FromClient } = Direction

describe('control-unanswered', () => {
  it('names client, server and how long the SYNs were repeated', () => {
    const [found] = observe(controlUnanswered, new SessionBuilder().syn(0, 1, 3, 7).judged(9))
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain(`${CLIENT} sent its SYN to ${SERVER}:21 4 times in 7.0 s`)
    expect(found?.evidence.map((e) => e.frame)).toEqual([1, 2, 3, 4])
  })

  it('says nothing of a lone SYN at the end of the capture', () => {
    expect(observe(controlUnanswered, new SessionBuilder().syn(0).judged(0.8))).toEqual([])
  })

  it('says nothing where the client goes on, so that only its direction was captured', () => {
    const session = new SessionBuilder().syn(0, 1).ack(1.1).command(1.3, 'USER alice').judged(9)
    expect(observe(controlUnanswered, session)).toEqual([])
  })
})

describe('control-unreachable', () => {
  it('tells a filter rule from a missing route by the code', () => {
    const codes = [
      [13, 'a filter rule rejects it'],
      [1, 'there is no way to the host'],
    ] as const
    for (const [code, words] of codes) {
      const session = new SessionBuilder().syn(0).icmp(0.1, { type: 3, code, from: '192.0.2.1' }).judged(5)
      expect(observe(controlUnreachable, session)[0]?.message).toContain(words)
    }
  })

  it('takes an error that a later SYN overcomes for a soft one', () => {
    const session = new SessionBuilder()
      .syn(0)
      .icmp(0.1, { type: 3, code: 1, from: '192.0.2.1' })
      .syn(1)
      .synAck(1.04)
      .ack(1.05)
    expect(observe(controlUnreachable, session.login().judged())).toEqual([])
  })
})

describe('control-handshake-incomplete', () => {
  it('sees from repeated SYNs that the SYN,ACK does not arrive', () => {
    const [found] = observe(
      controlHandshakeIncomplete,
      new SessionBuilder().syn(0, 1, 3).synAck(0.01, 1.01, 3.01).judged(9),
    )
    expect(found?.message).toContain('so the SYN,ACK does not reach it')
  })

  it('sees at the client that its acknowledgment does not arrive', () => {
    const session = new SessionBuilder().syn(0).synAck(0.04).ack(0.05).synAck(1.04, 3.04).fin(FromClient, 8).judged(9)
    expect(observe(controlHandshakeIncomplete, session)[0]?.message).toContain(
      'the acknowledgment does not reach the server',
    )
  })

  it('says nothing when the server speaks, since it has the acknowledgment then', () => {
    const session = new SessionBuilder().syn(0).synAck(0.04, 1.04).reply(1.2, '220 Ready').judged(9)
    expect(observe(controlHandshakeIncomplete, session)).toEqual([])
  })
})

describe('greeting-missing', () => {
  it('counts the patience of the client', () => {
    const [found] = observe(greetingMissing, new SessionBuilder().handshake().fin(FromClient, 60).judged(61))
    expect(found?.message).toContain('the client gave up after 60.0 s')
    expect(found?.rivals).toEqual(['tls-mode-mismatch'])
  })

  it('takes what the server says after the client gave up for a complaint, not for a greeting', () => {
    const session = new SessionBuilder()
      .handshake()
      .fin(FromClient, 10)
      .reply(10.05, '500 OOPS: unexpected eof')
      .judged()
    expect(observe(greetingMissing, session)).toHaveLength(1)
  })

  it('does not call a capture that ends a second after the handshake a failure', () => {
    expect(observe(greetingMissing, new SessionBuilder().handshake().judged(1))).toEqual([])
  })

  it('leaves a ClientHello without greeting to TLS', () => {
    const builder = new SessionBuilder({ port: 990 }).handshake()
    builder.dialogue.clientHello = { frame: 4, time: 0.05e9 }
    expect(observe(greetingMissing, builder.fin(FromClient, 60).judged())).toEqual([])
  })
})

describe('greeting-delayed', () => {
  it('blames the unanswered ident query where there is one', () => {
    const ident = new Connection(
      1,
      4,
      { address: SERVER, port: 41_872 },
      { address: CLIENT, port: 113 },
      { frame: 4, time: 0.1e9 },
    )
    ident.syns.push({ frame: 4, time: 0.1e9 }, { frame: 5, time: 1.1e9 })
    ident.synAttempts = 2
    const session = new SessionBuilder().handshake().reply(10, '220 ProFTPD Server').judged()
    session.surroundings.ident.push(ident)
    const [found] = observe(greetingDelayed, session)
    expect(found?.side).toBe('client-network')
    expect(found?.message).toContain(`${CLIENT}:113 (ident)`)
    expect(found?.evidence.map((e) => e.frame)).toEqual(expect.arrayContaining([4, 5]))
  })

  it('says nothing of a greeting within three seconds', () => {
    expect(observe(greetingDelayed, new SessionBuilder().handshake().reply(2.5, '220 Ready').judged())).toEqual([])
  })
})

describe('tls-mode-mismatch', () => {
  it('sees clear text as the answer to a ClientHello', () => {
    const builder = new SessionBuilder().handshake()
    builder.dialogue.clientHello = { frame: 4, time: 0.05e9 }
    const [found] = observe(
      tlsModeMismatch,
      builder.command(0.05, '\x16\x03').reply(0.1, '220 (vsFTPd 3.0.3)').judged(),
    )
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain('220 (vsFTPd 3.0.3)')
  })

  it('sees beside the server a hello that crossed the greeting', () => {
    const builder = new SessionBuilder().handshake().reply(0.05, '220 (vsFTPd 3.0.3)')
    builder.command(0.08, '\x16\x03')
    builder.dialogue.exchanges.pop()
    builder.dialogue.opaqueFrom = { frame: 5, time: 0.08e9 }
    expect(observe(tlsModeMismatch, builder.judged())).toHaveLength(1)
  })

  it('says nothing of TLS that AUTH asked for', () => {
    const builder = new SessionBuilder().handshake().reply(0.1, '220 Ready')
    builder.command(0.2, 'AUTH TLS').reply(0.25, '234 Proceed with negotiation.')
    builder.dialogue.opaqueFrom = { frame: 7, time: 0.3e9 }
    expect(observe(tlsModeMismatch, builder.judged())).toEqual([])
  })

  it('sees both sides wait on port 990, and not on port 21', () => {
    for (const [port, count] of [
      [990, 1],
      [21, 0],
    ] as const) {
      const session = new SessionBuilder({ port }).handshake().fin(FromClient, 30).judged()
      expect(observe(tlsModeMismatch, session)).toHaveLength(count)
    }
  })
})

describe('connection-limit', () => {
  it('takes the server at its word', () => {
    const session = new SessionBuilder().handshake().reply(0.1, '421 Too many connections (2) from this IP').judged()
    expect(observe(connectionLimit, session)[0]?.confidence).toBe('high')
  })

  it('does not take a limit of attempts for one of connections', () => {
    const session = new SessionBuilder()
      .handshake()
      .reply(0.1, '220 Ready')
      .command(0.2, 'PASS x')
      .reply(0.3, '421 Too many failed login attempts.')
      .judged()
    expect(observe(connectionLimit, session)).toEqual([])
  })

  it('suspects a limit when SYNs die beside open sessions of the same client, and not when those are over', () => {
    const parallel = new SessionBuilder().syn(0, 1, 3).sibling({}).sibling({}).judged(9)
    expect(observe(connectionLimit, parallel)[0]?.message).toContain('admits 2 at the same time')
    const past = new SessionBuilder().syn(0, 1, 3).sibling({ end: -1 }).sibling({ end: -2 }).judged(9)
    expect(observe(connectionLimit, past)).toEqual([])
  })

  it('is sure of nothing while the handshake still runs', () => {
    const session = new SessionBuilder().syn(0).sibling({}).sibling({}).synAck(0.04).judged(0.05)
    expect(observe(connectionLimit, session)).toEqual([])
  })
})
