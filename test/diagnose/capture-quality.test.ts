import { describe, expect, it } from 'vitest'
import { captureEndsInside } from '../../src/diagnose/rules/capture/capture-ends-inside.js'
import { captureFilterSuspected } from '../../src/diagnose/rules/capture/capture-filter-suspected.js'
import { captureLoss } from '../../src/diagnose/rules/capture/capture-loss.js'
import { captureOneSided } from '../../src/diagnose/rules/capture/capture-one-sided.js'
import { captureStartsInside } from '../../src/diagnose/rules/capture/capture-starts-inside.js'
import { sessionsOf } from '../correlate/follow.js'
import {
  ask,
  command,
  dial,
  dialBack,
  dialBackInVain,
  type FtpSession,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  store,
} from '../support/ftp-scene.js'
import { atClient, type Place } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { observe, verdictOn } from './observe.js'
import { observed, played, says } from './played.js'

const nothing = (): void => undefined

function isControl({ tcp }: ScenePacket): boolean {
  return tcp !== null && (tcp.sourcePort === 21 || tcp.destinationPort === 21)
}

/** A capture in which the packets of one host are missing, on the control connection or on data connections. */
function unseen(who: 'client' | 'server', on: 'control' | 'data'): Place {
  const place = atClient('')
  place.scene.drop((packet) => packet.source === place[who].address && isControl(packet) === (on === 'control'))
  return place
}

/** A SYN to the control port that nobody answered. */
function unansweredControl(): Place {
  const place = atClient('')
  place.scene.syn(place.client, 52_228, place.server, 21)
  return place
}

describe('capture-one-sided', () => {
  it('takes a client that goes on for proof of the server that is not seen', () => {
    const [found, ...others] = observed(captureOneSided, unseen('server', 'control'), quit)
    expect(others).toEqual([])
    expect(found).toMatchObject({
      fact: {
        kind: 'replies',
        initiator: { address: '192.168.1.10', port: 52_228 },
        responder: { address: '203.0.113.20', port: 21 },
        unseen: '203.0.113.20',
        seen: '192.168.1.10',
      },
      title: 'only one direction was captured',
      severity: 'warning',
      confidence: 'high',
      channel: null,
    })
    // SYN and ACK are all of the handshake that was captured.
    expect(found?.evidence[0]).toEqual({ frame: 2, note: 'answers a packet from 203.0.113.20 that was not captured' })
  })

  it('takes the SYN,ACK for proof of the client, or what acknowledges its bytes', () => {
    const [whole] = observed(captureOneSided, unseen('client', 'control'), quit)
    expect(whole).toMatchObject({ fact: { kind: 'commands', unseen: '192.168.1.10' } })
    expect(whole?.title).toBe('commands were not captured')
    expect(whole?.evidence[0].frame).toBe(1)
    const [late] = observed(captureOneSided, unseen('client', 'control'), nothing, { captured: false })
    expect(late?.fact).toMatchObject({ kind: 'commands', packets: 3 })
    // The last reply that was captured.
    expect(late?.evidence[0].frame).toBe(3)
  })

  it('takes neither an unanswered SYN nor a server that only speaks for a missing direction', () => {
    const [silent] = sessionsOf(unansweredControl().scene)
    expect(observe(captureOneSided, silent!)).toEqual([])
    const greeting = says(
      captureOneSided,
      unseen('client', 'control'),
      (session) => {
        reply(session, session.dialect.greeting)
      },
      { captured: false },
    )
    expect(greeting).toEqual([])
  })

  it('informs of a data connection of which one direction is missing', () => {
    const [found, ...others] = observed(captureOneSided, unseen('client', 'data'), retrieve)
    expect(others).toEqual([])
    expect(found).toMatchObject({
      fact: {
        kind: 'data',
        initiator: { address: '192.168.1.10', port: 52_229 },
        responder: { address: '203.0.113.20', port: 50_005 },
        unseen: '192.168.1.10',
        seen: '203.0.113.20',
      },
      severity: 'info',
      channel: { id: 1 },
    })
    expect(found?.message).toContain('On a data connection between 192.168.1.10:52229 and 203.0.113.20:50005')
  })

  it('names the last packet where the proof is that bytes were acknowledged', () => {
    const [found] = observed(captureOneSided, unseen('client', 'data'), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005, { captured: false })
      ask(session, 'STOR a', '150 Ok to send data.')
      data.client(9000)
    })
    const [proof, last] = found!.evidence
    expect(proof.frame).toBe(last?.frame)
  })

  it('informs once of a connection that two transfers may have used', () => {
    const found = observed(captureOneSided, unseen('client', 'data'), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { fromPort: 1020, attempts: 1 })
      reply(session, '425 Failed to establish connection.')
      command(session, 'LIST')
      const data = dialBack(session, 52_300)
      reply(session, '150 Here.')
      data.client(300).close('client')
      reply(session, '226 Done.')
      quit(session)
    })
    expect(found).toMatchObject([{ fact: { kind: 'data', unseen: '192.168.1.10' }, channel: { id: 1 } }])
  })
})

describe('capture-loss', () => {
  it('warns where words of the control connection are missing', () => {
    const found = observed(captureLoss, atClient(''), (session) => {
      ask(session, 'SYST', '215 UNIX Type: L8', { captured: false })
      quit(session)
    })
    expect(found).toMatchObject([
      {
        fact: {
          kind: 'lost-packets',
          client: '192.168.1.10',
          server: '203.0.113.20',
          controlBytes: '215 UNIX Type: L8\r\n'.length,
          dataBytes: 0,
          dataConnections: 0,
        },
        severity: 'warning',
      },
    ])
  })

  it('informs where data is missing', () => {
    const [found] = observed(captureLoss, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR x', '150 Here.')
      data.server(1448).lost('server', 1448).server(1448).close('server')
      reply(session, '226 Done.')
      quit(session)
    })
    expect(found).toMatchObject({
      fact: { controlBytes: 0, dataBytes: 1448, dataConnections: 1 },
      severity: 'info',
    })
    expect(found?.message).toContain('1448 bytes of a data connection')
  })

  it('counts connections, names the direction of what is missing, and shows eight of them', () => {
    const upload = (session: FtpSession, dataPort: number) => {
      pasv(session, dataPort)
      const data = dial(session, dataPort)
      ask(session, 'STOR x', '150 Ok to send data.')
      data.lost('client', 1448).client(1448).close('client')
      reply(session, '226 Done.')
    }
    const [found] = observed(captureLoss, atClient(''), (session) => {
      for (let i = 0; i < 9; i++) upload(session, 50_000 + i)
      quit(session)
    })
    expect(found?.fact).toMatchObject({ dataBytes: 9 * 1448, dataConnections: 9 })
    expect(found?.message).toContain('13032 bytes of 9 data connections')
    expect(found?.evidence).toHaveLength(8)
    expect(found?.evidence[0].note).toContain('203.0.113.20:50000 acknowledged 1448 bytes from 192.168.1.10:52229')
  })

  it('says nothing of a whole session, or where one direction is missing altogether', () => {
    const play = (session: FtpSession) => {
      retrieve(session)
      store(session, { port: 50_006 })
      quit(session)
    }
    expect(observed(captureLoss, atClient(''), play)).toEqual([])
    expect(observed(captureLoss, unseen('client', 'data'), play)).toEqual([])
  })
})

describe('capture-starts-inside', () => {
  const inside = (play: (session: FtpSession) => void) =>
    says(captureStartsInside, atClient(''), play, { captured: false })

  it('warns when the login is among what was not captured', () => {
    const found = inside((session) => {
      ask(session, 'NOOP', '200 Ok.')
    })
    expect(found).toMatchObject([
      {
        fact: {
          kind: 'starts-inside',
          client: { address: '192.168.1.10', port: 52_228 },
          server: { address: '203.0.113.20', port: 21 },
          loginUnknown: true,
          unannounced: null,
        },
        severity: 'warning',
      },
    ])
  })

  it('warns of a transfer whose announcement was before the beginning', () => {
    const [found] = inside((session) => {
      const data = dial(session, 50_005)
      ask(session, 'RETR x', '150 Here.')
      data.server(9000).close('server')
      reply(session, '226 Done.')
    })
    expect(found).toMatchObject({
      fact: { loginUnknown: false, unannounced: { command: 'RETR', argument: 'x' } },
      severity: 'warning',
    })
    expect(found?.message).toContain('so is the announcement that RETR relies on')
    expect(found?.evidence.at(-1)?.note).toBe('its announcement was not captured')
  })

  it('informs where what was captured shows that the login was accepted', () => {
    const [found] = inside((session) => {
      listing(session)
    })
    expect(found).toMatchObject({ fact: { loginUnknown: false, unannounced: null }, severity: 'info' })
  })

  it('takes the last packets of a connection that is over for no session', () => {
    for (const how of ['close', 'reset'] as const) expect(inside(({ control }) => control[how]('client'))).toEqual([])
  })

  it('says nothing of a session that was captured from its beginning, or of which one direction is missing', () => {
    expect(observed(captureStartsInside, atClient(''), quit)).toEqual([])
    const oneSided = observed(captureStartsInside, unseen('client', 'control'), quit, { captured: false })
    expect(oneSided).toEqual([])
  })
})

describe('capture-ends-inside', () => {
  it('warns when the outcome of a command is after the end', () => {
    const found = observed(captureEndsInside, atClient(''), (session) => {
      ask(session, 'RETR x', '150 Opening.')
    })
    expect(found).toMatchObject([
      {
        fact: {
          kind: 'open-command',
          client: '192.168.1.10',
          server: { address: '203.0.113.20', port: 21 },
          target: null,
          command: 'RETR',
        },
        severity: 'warning',
      },
    ])
    expect(found[0]?.message).toContain('before the outcome of RETR is known')
    expect(found[0]?.evidence.at(-1)?.note).toBe('RETR, still pending')
  })

  it('informs when none is due', () => {
    const found = observed(captureEndsInside, atClient(''), nothing)
    expect(found).toMatchObject([{ fact: { kind: 'nothing-open', target: null, command: null }, severity: 'info' }])
    expect(found[0]?.evidence).toHaveLength(1)
  })

  it('says nothing of a session that was closed, never opened, without a word, or captured in one direction', () => {
    expect(observed(captureEndsInside, atClient(''), quit)).toEqual([])
    expect(observe(captureEndsInside, sessionsOf(unansweredControl().scene)[0]!)).toEqual([])
    expect(says(captureEndsInside, atClient(''), nothing)).toEqual([])
    expect(observed(captureEndsInside, unseen('client', 'control'), nothing)).toEqual([])
  })

  it('takes a data connection that nothing had used by the end for an open question, not for a failure', () => {
    const session = played(atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005)
      ask(session, 'TYPE I', '200 Type set.')
    })
    const [found] = observe(captureEndsInside, session)
    expect(found).toMatchObject({
      fact: { kind: 'unused-data-connection', target: '203.0.113.20:50005', command: null },
      severity: 'warning',
    })
    expect(found?.evidence.at(-1)?.note).toBe('data connection, not yet used')
    const verdict = verdictOn(session)
    expect(verdict).toMatchObject({ outcome: 'undetermined', cause: 'capture-ends-inside' })
    expect(verdict.sentence).toMatch(/before the data connection to \S+:50005 was used\.$/)
    expect(verdict.transfers).toEqual({ attempted: 0, completed: 0, failed: 0 })

    const closed = observed(captureEndsInside, atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005).close('client')
    })
    expect(closed).toMatchObject([{ fact: { kind: 'nothing-open' } }])

    const left = played(atClient(''), (session) => {
      pasv(session, 50_005)
      dial(session, 50_005).close('client')
      quit(session)
    })
    expect(verdictOn(left).transfers, 'the session went on to its end without it').toMatchObject({ attempted: 1 })
  })
})

describe('capture-filter-suspected', () => {
  /** Listings whose data connection is not in the capture, with the replies to each. */
  const unseenListings = (lists: readonly string[][], besides: (session: FtpSession) => void = nothing) =>
    observed(captureFilterSuspected, atClient(''), (session) => {
      for (const [index, replies] of lists.entries()) {
        pasv(session, 50_005 + index)
        command(session, 'LIST')
        for (const line of replies) reply(session, line)
      }
      besides(session)
    })
  const datagram = ({ scene, server }: FtpSession) => {
    scene.udp(scene.host('192.0.2.99'), 5353, server, 53, 'tick')
  }
  const COMPLETED = ['150 Here.', '226 Done.']

  it('is sure when nothing but control connections was captured', () => {
    const found = unseenListings([COMPLETED])
    expect(found).toMatchObject([
      {
        fact: {
          kind: 'completed',
          client: '192.168.1.10',
          server: { address: '203.0.113.20', port: 21 },
          transfers: 1,
          controlOnly: true,
        },
        confidence: 'high',
      },
    ])
    expect(found[0]?.evidence.map(({ note }) => note.slice(0, 8))).toEqual(['226 Done', 'LIST', '227 Ente'])
    expect(unseenListings([COMPLETED], datagram)).toMatchObject([
      { fact: { controlOnly: false }, confidence: 'medium' },
    ])
  })

  it('is unsure where nothing says that a transfer was completed, and silent beside other traffic', () => {
    const [found] = unseenListings([['150 Here.']])
    expect(found).toMatchObject({ fact: { kind: 'begun', transfers: 1 }, confidence: 'low' })
    expect(found?.message).toContain('reports that 1 transfer with 192.168.1.10 started')
    expect(unseenListings([['150 Here.']], datagram)).toEqual([])
  })

  it('counts completed transfers, and takes 250 for completion as some servers say', () => {
    const [found] = unseenListings([COMPLETED, ['250 Done.'], ['150 Here.']])
    expect(found?.fact).toMatchObject({ kind: 'completed', transfers: 2 })
    expect(found?.message).toContain('reports that 2 transfers')
  })

  it('says nothing when another connection between the two hosts is there, or the data connection itself', () => {
    const other = unseenListings([COMPLETED], (session) => {
      dial(session, 8080)
    })
    const seen = observed(captureFilterSuspected, atClient(''), (session) => {
      listing(session)
      quit(session)
    })
    expect([other, seen]).toEqual([[], []])
  })

  it('does not take a 425 for a sign of data, nor a transfer without announcement', () => {
    expect(unseenListings([['425 Failed to establish connection.']])).toEqual([])
    const bare = says(captureFilterSuspected, atClient(''), (session) => {
      login(session)
      ask(session, 'LIST', '150 Here.')
      reply(session, '226 Done.')
    })
    expect(bare).toEqual([])
  })
})
