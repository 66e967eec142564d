import { describe, expect, it } from 'vitest'
import { connectionLimit } from '../../src/diagnose/rules/control/connection-limit.js'
import { controlHandshakeIncomplete } from '../../src/diagnose/rules/control/control-handshake-incomplete.js'
import { controlRefused } from '../../src/diagnose/rules/control/control-refused.js'
import { controlUnanswered } from '../../src/diagnose/rules/control/control-unanswered.js'
import { controlUnreachable } from '../../src/diagnose/rules/control/control-unreachable.js'
import type { Fact, Rule } from '../../src/diagnose/rule.js'
import { seconds } from '../../src/diagnose/words/quantities.js'
import type { AttemptOptions } from '../support/attempt.js'
import type { Conversation } from '../support/conversation.js'
import { ask, login, quit, reply } from '../support/ftp-scene.js'
import { atClient, atServer, openControl, type Place } from '../support/places.js'
import { Flag } from '../support/scene-packet.js'
import { captureGoesOn, says, saysOfLast } from './played.js'

const PORT = 52_300

/** The SYNs of a control connection that is not established. */
function dialControl({ scene, client, server }: Place, options: AttemptOptions = {}): Conversation {
  return scene.syn(client, PORT, server, 21, options)
}

/** What a rule says of such an attempt. */
function attempted<F extends Fact>(rule: Rule<F>, place: Place, options: AttemptOptions = {}) {
  dialControl(place, options)
  return saysOfLast(rule, place)
}

/** Sessions of the same hosts before the attempt, which stay open. */
function withSessions(count: number, place = atClient('')): Place {
  for (let index = 0; index < count; index++) login(openControl(place, { clientPort: 49_090 + index }))
  return place
}

/** One that ended before the attempt. */
function withPastSession(place = atClient('')): Place {
  const session = openControl(place, { clientPort: 49_090 })
  login(session)
  quit(session)
  place.scene.wait(1000)
  return place
}

describe('control-refused', () => {
  const refusedWith = (hopLimit: number) =>
    attempted(controlRefused, atClient('', { serverLook: { hopLimit } }), { answer: 'rst' })[0]

  it.each([
    [64, 0, 'the sender is at the observation point'],
    [63, 1, 'the sender is 1 router away'],
    [57, 7, 'the sender is 7 routers away'],
    [254, 1, 'probably a firewall that rejects the connection'],
    [255, 0, 'its sender is at the observation point'],
  ])('tells by the TTL %i of the RST how far its sender is', (ttl, routers, words) => {
    const found = refusedWith(ttl)
    expect(found).toMatchObject({ side: 'server', confidence: 'high', rivals: [] })
    expect(found?.fact).toMatchObject({ ttl, usualTtl: null, foreign: false, routers, atServer: false })
    expect(found?.message).toContain(words)
  })

  it('blames a firewall for a RST that has not the TTL of the other packets of the server', () => {
    const place = atClient('')
    // The server remembers an older connection of these ports, and says so (RFC 9293 §3.10.7.4).
    const attempt = dialControl(place, { attempts: 1 })
    attempt.raw({ from: 'server', flags: Flag.Ack, sequence: 4711, acknowledgment: 815 })
    attempt.raw({ from: 'server', flags: Flag.Rst | Flag.Ack, hopLimit: 254 })
    const [found] = saysOfLast(controlRefused, place)
    expect(found).toMatchObject({ side: 'server-network', fact: { ttl: 254, usualTtl: 57, foreign: true } })
    expect(found?.message).toContain('a firewall sent it')
  })

  it('leaves it to the server host where the RST was captured there', () => {
    const [found] = attempted(controlRefused, atServer(''), { answer: 'rst' })
    expect(found).toMatchObject({ side: 'server', fact: { atServer: true } })
    expect(found?.message).toContain('or the host itself rejects it')
  })

  it('names a connection that the server answered before, and open ones as a sign of a limit', () => {
    const [past] = attempted(controlRefused, withPastSession(), { answer: 'rst' })
    expect(past).toMatchObject({ fact: { answeredOther: true }, rivals: [] })
    expect(past?.evidence.at(-1)).toEqual({ frame: 1, note: 'another connection, which was answered' })
    const [open] = attempted(controlRefused, withSessions(1), { answer: 'rst' })
    expect(open?.rivals).toEqual(['connection-limit'])
  })
})

describe('control-unanswered', () => {
  it('counts the SYNs, and for how long they were sent', () => {
    const [found] = attempted(controlUnanswered, atClient(''), { attempts: 4 })
    expect(found).toMatchObject({ side: 'server-network', confidence: 'high', rivals: [] })
    expect(found?.fact).toMatchObject({
      client: '192.168.1.10',
      server: { address: '203.0.113.20', port: 21 },
      tries: 4,
      waitedNs: 7e9,
      routers: 0,
      answeredOther: false,
    })
    expect(found?.evidence.map(({ frame }) => frame)).toEqual([1, 2, 3, 4])
  })

  it('waits three seconds for the answer to a lone SYN', () => {
    const lone = (milliseconds: number) => {
      const place = atClient('')
      dialControl(place, { attempts: 1 })
      captureGoesOn(place, milliseconds)
      return saysOfLast(controlUnanswered, place)
    }
    expect(lone(800)).toEqual([])
    const [found] = lone(4000)
    expect(found).toMatchObject({ confidence: 'medium', fact: { tries: 1 } })
    expect(seconds(found!.fact.waitedNs)).toBe('4.0 s')
  })

  it('says nothing where the client goes on, so that only its direction was captured', () => {
    const place = atClient('')
    const session = openControl(place, { attempts: 2 })
    login(session)
    place.scene.drop(({ source }) => source === place.server.address)
    expect(saysOfLast(controlUnanswered, place)).toEqual([])
  })

  it('says nothing where an ICMP error answered', () => {
    const icmp = { type: 3, code: 4, from: '192.0.2.1' }
    expect(attempted(controlUnanswered, atClient(''), { attempts: 3, answer: { icmp } })).toEqual([])
  })

  it('counts the routers that the SYNs had passed', () => {
    for (const [hopLimit, routers, words] of [
      [63, 1, 'passed 1 router before'],
      [50, 14, 'passed 14 routers before'],
    ] as const) {
      const [found] = attempted(controlUnanswered, atClient('', { clientLook: { hopLimit } }))
      expect(found).toMatchObject({ fact: { routers }, rivals: ['control-handshake-incomplete'] })
      expect(found?.message).toContain(words)
    }
  })

  it('knows that the address is right where the server answered another connection of the client', () => {
    const [past] = attempted(controlUnanswered, withPastSession())
    expect(past).toMatchObject({ confidence: 'high', fact: { answeredOther: true } })
    expect(past?.evidence.at(-1)).toEqual({ frame: 1, note: 'another connection, which was answered' })
    const [limited] = attempted(controlUnanswered, withSessions(1))
    expect(limited).toMatchObject({ confidence: 'medium', rivals: ['connection-limit'] })
  })
})

describe('control-unreachable', () => {
  const unreachable = (type: number, code: number, from = '192.0.2.1', hopLimit = 60) =>
    attempted(controlUnreachable, atClient(''), { answer: { icmp: { type, code, from, hopLimit } } })[0]

  it.each([
    ['a filter rule', 3, 13, 'filter', 'server-network', 'allow TCP port 21'],
    ['a missing route', 3, 1, 'route', 'path', 'repair the route'],
    ['a loop', 11, 0, 'loop', 'path', 'find the loop'],
  ] as const)('tells %s by type %i and code %i', (_, type, code, kind, side, remedy) => {
    const found = unreachable(type, code)
    expect(found).toMatchObject({ side, confidence: 'high', fact: { kind, icmpFrom: '192.0.2.1' } })
    expect(found?.remedy[0]).toContain(remedy)
  })

  it('blames the server host for its own error, and the network of the client for one that no router passed on', () => {
    expect(unreachable(3, 13, '203.0.113.20')?.side).toBe('server')
    expect(unreachable(3, 13, '203.0.113.20')?.message).toContain('answered by the server itself')
    expect(unreachable(3, 13, '192.168.1.1', 64)?.side).toBe('client-network')
  })

  it('takes no notice of an ICMP error that says nothing of reachability', () => {
    expect(unreachable(3, 4)).toBeUndefined()
  })

  it('takes an error that a later SYN overcomes for a soft one', () => {
    const place = atClient('')
    const icmp = { type: 3, code: 1, from: '192.0.2.1' }
    const attempt = dialControl(place, { attempts: 2, answer: { icmp, only: 'first' } })
    attempt.synchronize('server', place.scene.now + 20e6)
    expect(saysOfLast(controlUnreachable, place)).toEqual([])
  })
})

describe('control-handshake-incomplete', () => {
  it('sees from repeated SYNs that the SYN,ACK does not arrive', () => {
    const [found] = attempted(controlHandshakeIncomplete, atServer(''), { answer: 'syn-ack' })
    expect(found).toMatchObject({ side: 'path', confidence: 'high' })
    expect(found?.fact).toMatchObject({ kind: 'client-repeats', tries: 3, synAcks: 3, atClient: false })
    expect(found?.message).not.toContain('its own firewall')
  })

  it('blames the firewall of the client for a SYN,ACK that was captured there', () => {
    const [found] = attempted(controlHandshakeIncomplete, atClient(''), { answer: 'syn-ack' })
    expect(found).toMatchObject({ side: 'client', fact: { kind: 'client-repeats', atClient: true } })
    expect(found?.message).toContain('its own firewall drops it')
  })

  it('waits three seconds for the answer to a lone SYN,ACK', () => {
    const half = (milliseconds: number) => {
      const place = atServer('')
      dialControl(place, { attempts: 1, answer: 'syn-ack' })
      captureGoesOn(place, milliseconds)
      return saysOfLast(controlHandshakeIncomplete, place)
    }
    expect(half(2000)).toEqual([])
    expect(half(4000)[0]).toMatchObject({ confidence: 'medium', side: 'path', fact: { kind: 'client-silent' } })
  })

  it('does not take data in the SYN (RFC 7413) for a client that goes on', () => {
    const place = atServer('')
    dialControl(place, { answer: 'syn-ack' })
    const payload = new TextEncoder().encode('USER alice\r\n')
    place.scene.apply((packets) =>
      packets.map((packet) => (packet.tcp!.flags === Flag.Syn ? { ...packet, payload } : packet)),
    )
    expect(saysOfLast(controlHandshakeIncomplete, place)[0]?.fact).toMatchObject({ kind: 'client-repeats', tries: 3 })
  })

  it('sees a client whose host does not know of the connection', () => {
    const place = atServer('')
    // A RST at once would be that of a port scan.
    dialControl(place, { attempts: 1, answer: 'syn-ack' }).reset('client', { think: 1500 })
    const [found] = saysOfLast(controlHandshakeIncomplete, place)
    expect(found).toMatchObject({ side: 'client-network', confidence: 'medium', fact: { kind: 'client-resets' } })
    expect(found?.evidence.map(({ note }) => note)).toContain('RST with source address 198.51.100.7 (TTL 50)')
  })

  it('sees at the client that its acknowledgment does not arrive', () => {
    const place = atClient('')
    const { control } = openControl(place)
    for (const seconds of [1, 3]) control.synchronize('server', place.scene.now + seconds * 1e9)
    const [found] = saysOfLast(controlHandshakeIncomplete, place)
    expect(found).toMatchObject({ side: 'path', confidence: 'high', fact: { kind: 'server-repeats', synAcks: 2 } })
    expect(found?.evidence.map(({ frame }) => frame)).toEqual([3, 4, 5, 1])
  })

  it('says nothing when the server speaks, since it has the acknowledgment then', () => {
    const place = atClient('')
    const { control } = openControl(place)
    for (const seconds of [1, 3]) control.synchronize('server', place.scene.now + seconds * 1e9)
    control.server('220 Ready\r\n')
    expect(saysOfLast(controlHandshakeIncomplete, place)).toEqual([])
  })

  it('says nothing of one repetition, which may have crossed the acknowledgment', () => {
    const place = atClient('')
    const { control } = openControl(place)
    control.synchronize('server', place.scene.now + 1e9)
    expect(saysOfLast(controlHandshakeIncomplete, place)).toEqual([])
  })
})

describe('connection-limit', () => {
  const TOO_MANY = '530 Sorry, the maximum number of clients (2) from your host are already connected.'

  it('takes the server at its word', () => {
    const [found] = says(connectionLimit, atClient(''), (session) => {
      reply(session, '421 Too many connections (2) from this IP')
    })
    expect(found).toMatchObject({ confidence: 'high', side: 'server', fact: { kind: 'stated', parallel: 0 } })
  })

  it('does not take a limit of attempts for one of connections', () => {
    const found = says(connectionLimit, atClient(''), (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'PASS x', '421 Too many failed login attempts.')
    })
    expect(found).toEqual([])
  })

  it('shows the command that a 530 turned away, unless the user got in afterwards', () => {
    const turnedAway = (later: boolean) => {
      const place = withSessions(1)
      const session = openControl(place)
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', TOO_MANY)
      if (later) {
        ask(session, 'USER alice', '331 Password')
        ask(session, 'PASS wonderland', '230 Login successful.')
      }
      return saysOfLast(connectionLimit, place)
    }
    const [found] = turnedAway(false)
    expect(found?.fact).toMatchObject({ kind: 'stated', parallel: 1, reply: { code: 530 } })
    expect(found?.evidence.map(({ note }) => note)).toEqual([
      TOO_MANY,
      'USER alice',
      'connection from port 49090, open at that time',
    ])
    expect(turnedAway(true)).toEqual([])
  })

  it('suspects a limit when SYNs die beside open sessions of the same client, and not when those are over', () => {
    const [found] = attempted(connectionLimit, withSessions(2))
    expect(found).toMatchObject({ side: 'server-network', confidence: 'medium', rivals: ['control-unanswered'] })
    expect(found?.fact).toMatchObject({ kind: 'suspected', parallel: 2, answer: 'none', tries: 3 })
    expect(attempted(connectionLimit, withPastSession(withPastSession()))).toEqual([])
  })

  it('takes a RST to one SYN more than are open for a limit, and names the refusal as a rival', () => {
    const [found] = attempted(connectionLimit, withSessions(2), { answer: 'rst' })
    expect(found).toMatchObject({ rivals: ['control-refused'], fact: { answer: 'rst', tries: 1 } })
  })

  it('is not suspected where an ICMP error says what happened, after a lone SYN, or while the handshake runs', () => {
    const icmp = { type: 3, code: 13, from: '192.0.2.1' }
    for (const options of [
      { answer: { icmp } },
      { attempts: 1 },
      { attempts: 1, answer: 'syn-ack' },
    ] satisfies AttemptOptions[])
      expect(attempted(connectionLimit, withSessions(2), options)).toEqual([])
  })
})
