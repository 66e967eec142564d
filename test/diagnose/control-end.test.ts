import { describe, expect, it } from 'vitest'
import { controlIdleDropped } from '../../src/diagnose/rules/control/control-idle-dropped.js'
import { controlReset } from '../../src/diagnose/rules/control/control-reset.js'
import { seconds } from '../../src/diagnose/words/quantities.js'
import {
  ask,
  command,
  dial,
  dialInVain,
  type FtpSession,
  login,
  pasv,
  port,
  quit,
  reply,
} from '../support/ftp-scene.js'
import { atClient, atServer, between, openControl, type Place } from '../support/places.js'
import { Flag } from '../support/scene-packet.js'
import { opaque, record } from '../support/tls-records.js'
import { captureGoesOn, observed, says, saysOfLast } from './played.js'
import { greet, LOGIN, PASV, secure12, secure13, talk12, talk13 } from './secured.js'

/** TTL of a box between client and server. */
const FORGED = { hopLimit: 254 }

describe('control-reset', () => {
  const after = (play: (session: FtpSession) => void, place: Place = atClient('')) =>
    observed(controlReset, place, play)

  it('leaves a RST with the TTL of the server to the server', () => {
    const [found] = after(({ control }) => {
      control.reset('server', { think: 2000 })
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'medium', rivals: [] })
    expect(found?.fact).toMatchObject({
      kind: 'host',
      sender: 'server',
      host: { address: '203.0.113.20', port: 21 },
      ttl: 57,
      usualTtl: 57,
      pending: null,
      provocation: null,
    })
    expect(found?.evidence[1]).toEqual({ frame: 2, note: 'packet from the same host with TTL 57' })
    expect(found?.remedy[0]).toContain('the log of the FTP server')
  })

  it('blames the client program for a RST of its own while a command is open, and says nothing where none is', () => {
    const [found] = after((session) => {
      command(session, 'CWD /mnt')
      session.control.reset('client', { think: 7000 })
    })
    expect(found).toMatchObject({ side: 'client', confidence: 'medium' })
    expect(found?.fact).toMatchObject({ sender: 'client', host: { port: 52_228 }, pending: { argument: '/mnt' } })
    expect(found?.evidence.at(-1)?.note).toBe('CWD /mnt (pending at that time)')
    expect(found?.remedy[0]).toContain('the log of the client program')
    const idle = after(({ control }) => {
      control.reset('client')
    })
    expect(idle).toEqual([])
  })

  it('speaks of an idle timer where a long silence went before', () => {
    const [found] = after(({ control }) => {
      control.reset('server', { think: 301_000 })
    })
    expect(found?.rivals).toEqual(['control-idle-dropped', 'idle-timeout'])
    expect(found?.message).toContain('It came after 301 s of silence')
  })

  it('measures the silence from the last word that is earlier in time, too', () => {
    const [found] = after((session) => {
      command(session, 'CWD /mnt')
      reply(session, '250 Directory changed.', { think: 60_000 })
      session.control.reset('server', { think: 0 })
      // A capture of two interfaces: the RST was seen 59 s earlier than the reply that stands before it.
      session.scene.apply((packets) =>
        packets.map((packet) => (packet.tcp!.flags & Flag.Rst ? { ...packet, time: packet.time - 59e9 } : packet)),
      )
    })
    expect(seconds(found!.fact.silenceNs)).toBe('1.0 s')
  })

  it('is unsure where no other packet of the host was captured to compare', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    command(session, 'CWD /mnt')
    session.control.lost('server', '250 Directory changed.\r\n')
    session.control.acknowledge('client')
    session.control.reset('server')
    const [found] = saysOfLast(controlReset, place)
    expect(found).toMatchObject({ confidence: 'low', fact: { kind: 'host', usualTtl: null } })
    expect(found?.message).toContain('no other packet from that host was captured for comparison')
    expect(found?.evidence.map(({ note }) => note).join()).not.toContain('packet from the same host')
  })

  it('knows no silence where nothing was said yet', () => {
    const [found] = says(controlReset, atClient(''), ({ control }) => {
      control.server('\r\n')
      control.reset('server', { think: 60_000 })
    })
    expect(found).toMatchObject({ rivals: [], fact: { silenceNs: 0, pending: null } })
  })

  it('compares with a packet of data where the handshake was not captured', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    ask(session, 'NOOP', '200 Ok.')
    command(session, 'CWD /mnt')
    session.control.reset('server')
    const [found] = saysOfLast(controlReset, place)
    expect(found?.evidence[1]).toEqual({ frame: 2, note: 'packet from the same host with TTL 57' })
  })

  it('knows a forged RST by its TTL', () => {
    const [found] = after(({ control }) => {
      control.reset('server', FORGED)
    })
    expect(found).toMatchObject({
      side: 'path',
      confidence: 'medium',
      fact: { kind: 'forged', ttl: 254, usualTtl: 57 },
    })
    expect(found?.message).toContain("Its TTL of 254 does not match that host's other packets (57)")
    expect(found?.remedy[0]).toContain('find the middlebox that forges RSTs')
  })

  it('sees a box in RSTs to both ends at once', () => {
    const [found] = after((session) => {
      command(session, 'SYST')
      session.control.reset('server', { think: 0 })
      session.control.reset('client', { think: 0 })
    })
    expect(found).toMatchObject({ side: 'path', confidence: 'high', fact: { kind: 'both-ends' } })
    expect(found?.message).toContain('Both ends were reset at the same moment')
  })

  it('takes a RST that comes a round trip after that of the client for the answer to what the client had sent', () => {
    const found = after((session) => {
      command(session, 'SYST')
      session.scene.meanwhile(() => {
        session.control.reset('client', { think: 0 })
        session.scene.wait(45)
        session.control.reset('server', { think: 0 })
      })
    })
    expect(found.map(({ fact }) => fact.kind)).toEqual(['host'])
  })

  it('names what strict inspection objects to, right before the RST', () => {
    const provoked = (play: (session: FtpSession) => void, think = 1) =>
      after((session) => {
        play(session)
        session.control.reset('server', { ...FORGED, think })
      })[0]
    const bare = provoked(({ control }) => {
      control.client('CWD incoming\n')
    })
    expect(bare?.fact.provocation).toEqual({ kind: 'bare-line-feed' })
    expect(bare?.message).toContain('LF without CR, which strict FTP inspection answers with a RST')
    const low = provoked((session) => {
      port(session, 25)
    })
    expect(low?.fact.provocation).toEqual({ kind: 'privileged-port', port: 25 })
    expect(low?.message).toContain('an announcement of port 25')
    const early = provoked((session) => {
      session.control.client('CWD a\r\nCWD b\r\n')
      reply(session, '250 Ok.\r\n250 Ok.')
    })
    expect(early?.fact.provocation).toEqual({ kind: 'pipelined' })
    expect(early?.message).toContain('a command sent before the reply to the previous one')
    const longAgo = provoked((session) => {
      port(session, 25)
    }, 5000)
    expect(longAgo?.fact.provocation).toBeNull()
  })

  it('says nothing of a RST after QUIT, 421 or FIN', () => {
    const ended = [
      after((session) => {
        command(session, 'QUIT')
        session.control.reset('server')
      }),
      after((session) => {
        reply(session, '421 Timeout.', { think: 301_000 })
        session.control.reset('server')
      }),
      after((session) => {
        command(session, 'SYST')
        session.control.fin('client')
        session.control.reset('server')
      }),
    ]
    expect(ended).toEqual([[], [], []])
  })

  it('says nothing of a RST after the farewell of TLS, nor of one without a sign of a box under TLS', () => {
    const encrypted = (play: (session: FtpSession) => void) =>
      says(controlReset, atClient(''), (session) => {
        greet(session)
        secure12(session)
        talk12(session, ...LOGIN)
        play(session)
      })
    const farewell = (alert: Uint8Array) =>
      encrypted(({ control }) => {
        control.server(record(21, alert))
        control.reset('server', FORGED)
      })
    expect(farewell(opaque(26, 7))).toEqual([])
    expect(farewell(Uint8Array.of(1, 0))).toEqual([])
    expect(farewell(Uint8Array.of(2, 40))).toHaveLength(1)
    const plain = encrypted(({ control }) => {
      control.reset('server')
    })
    expect(plain).toEqual([])
  })
})

describe('control-idle-dropped', () => {
  /** A download that runs for 20 minutes, during which the control connection is silent. */
  const download = (session: FtpSession) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR feed.log', '150 Opening.')
    data.server(2000)
    session.scene.wait(1_200_000)
    data.server(2000).close('server')
  }
  const after = (play: (session: FtpSession) => void, place: Place = atClient('')) =>
    observed(controlIdleDropped, place, play)
  const dropped = (play: (session: FtpSession) => void, place?: Place) =>
    after((session) => {
      download(session)
      play(session)
    }, place)
  const lose = ({ control }: FtpSession, line = 'NOOP', attempts = 1) =>
    control.unacknowledged('client', `${line}\r\n`, { attempts })
  const DONE = '226 Transfer complete.\r\n'

  it('sees at the server that the 226 is never acknowledged', () => {
    const [found] = dropped(({ control }) => {
      control.unacknowledged('server', DONE, { attempts: 4 })
    }, atServer(''))
    expect(found).toMatchObject({ side: 'path', confidence: 'high', rivals: ['command-unanswered'] })
    expect(found?.fact).toMatchObject({
      kind: 'retransmitted',
      meanwhile: 'RETR',
      sender: 'server',
      word: { code: 226 },
      retransmissions: 3,
      all: true,
    })
    expect(seconds(found!.fact.silenceNs)).toBe('1200 s')
    expect(found?.evidence[0]?.note).toBe('226 Transfer complete., the first message after 1200 s of silence')
  })

  it('counts no further than the retransmissions that are kept', () => {
    const [found] = dropped(({ control }) => {
      control.unacknowledged('server', DONE, { attempts: 12, timeout: 200 })
    }, atServer(''))
    expect(found?.fact).toMatchObject({ retransmissions: 8, all: false })
    expect(found?.message).toContain('was retransmitted at least 8 times')
  })

  it('sees at the client that the next command meets a RST, by its TTL of another machine', () => {
    const [forged] = dropped((session) => {
      lose(session)
      session.control.reset('server', { hopLimit: 63 })
    })
    expect(forged).toMatchObject({ side: 'path', confidence: 'medium' })
    expect(forged?.fact).toMatchObject({
      kind: 'reset',
      resetFrom: '203.0.113.20',
      ttl: 63,
      usualTtl: 57,
      foreign: true,
      sender: 'client',
    })
    expect(forged?.evidence[0]?.note).toBe('NOOP, the first message after 1200 s of silence')
    const [own] = dropped((session) => {
      lose(session)
      session.control.reset('server')
    })
    expect(own).toMatchObject({ side: 'path', confidence: 'medium', fact: { foreign: false } })
    expect(own?.message).toMatch(/was answered by a RST with source address 203\.0\.113\.20\. A middlebox/)
  })

  it('shows the command with its argument', () => {
    const [found] = dropped((session) => {
      lose(session, 'CWD feeds', 4)
    })
    expect(found?.evidence[0]?.note).toBe('CWD feeds, the first message after 1200 s of silence')
    expect(found?.message).toContain('what 192.168.1.10 sent next (CWD feeds) was retransmitted 3 times')
  })

  it('sees at the client that the 226 is missing and its FIN is not acknowledged', () => {
    const closed = (think: number, end: number) =>
      dropped((session) => {
        session.control.fin('client', { think, delivered: false })
        captureGoesOn(session, end)
      })
    const [found] = closed(30_000, 1000)
    expect(found?.fact).toMatchObject({ kind: 'fin-unacknowledged', word: null, sender: 'client' })
    expect(found?.message).toContain('sent next (FIN) was never acknowledged, and no reply had arrived')
    // The answer to a FIN may take four round trips, and the client has to have waited for the 226.
    expect(closed(30_000, 60)).toEqual([])
    expect(closed(1000, 10_000)).toEqual([])
  })

  it('takes the shortest time for an answer where the handshake does not tell the round trip', () => {
    const place = atClient('')
    const session = openControl(place, { attempts: 2 })
    login(session)
    // A port that was announced and never used, and one that nothing came from.
    pasv(session, 50_003)
    pasv(session, 50_004)
    dialInVain(session, 50_004)
    download(session)
    session.control.fin('client', { think: 30_000, delivered: false })
    captureGoesOn(session, 300)
    expect(saysOfLast(controlIdleDropped, place)[0]?.fact).toMatchObject({ kind: 'fin-unacknowledged' })
  })

  it('begins with the first word that was lost', () => {
    const [client] = dropped((session) => {
      lose(session, 'NOOP', 3)
      session.control.fin('client', { delivered: false })
    })
    expect(client?.fact).toMatchObject({ sender: 'client', word: { command: 'NOOP' } })
    const [server] = dropped((session) => {
      session.control.unacknowledged('server', DONE, { attempts: 3 })
      lose(session, 'NOOP', 3)
    })
    expect(server?.fact).toMatchObject({ sender: 'server', word: { code: 226 } })
  })

  it('takes the latest reply for the one that was lost, whatever it answers', () => {
    const [found] = after((session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR feed.log', '150 Opening.')
      data.server(2000)
      ask(session, 'NOOP', '200 Ok.')
      session.scene.wait(1_200_000)
      data.server(2000).close('server')
      session.control.unacknowledged('server', DONE, { attempts: 4 })
    }, atServer(''))
    expect(found?.fact).toMatchObject({ sender: 'server', word: { code: 226 } })
    expect(seconds(found!.fact.silenceNs)).toBe('1200 s')
  })

  it('says nothing where one direction was not captured', () => {
    const found = dropped((session) => {
      lose(session, 'NOOP', 4)
      session.scene.drop(({ tcp }) => tcp?.sourcePort === 21)
    })
    expect(found).toEqual([])
  })

  it('speaks of data where no transfer command is known, as under TLS', () => {
    const [found] = says(controlIdleDropped, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      const data = dial(session, 50_005)
      data.server(2000)
      session.scene.wait(1_200_000)
      data.server(2000).close('server')
      session.control.fin('client', { think: 30_000, delivered: false })
      captureGoesOn(session, 1000)
    })
    expect(found?.fact).toMatchObject({ meanwhile: 'data', word: null })
  })

  it('is less sure after keep-alives', () => {
    const [found] = dropped((session) => {
      session.control.keepAlive('client')
      lose(session)
      session.control.reset('server', { hopLimit: 63 })
    })
    expect(found?.confidence).toBe('low')
  })

  it('tells the side by where the RST came from and where it was captured', () => {
    const complained = (place: Place) =>
      dropped(({ control }) => {
        control.send('server', DONE, { delivered: false })
        control.reset('client')
      }, place)[0]
    expect(complained(atServer(''))).toMatchObject({ side: 'path', fact: { resetFrom: '198.51.100.7' } })
    expect(complained(atClient(''))).toMatchObject({ side: 'unknown', fact: { resetFrom: '192.168.1.10' } })
    expect(complained(between(''))?.side).toBe('unknown')
  })

  it('sees a command after mere idleness that is never acknowledged, and says nothing of a FIN there', () => {
    const idle = (milliseconds: number) =>
      after((session) => {
        session.scene.wait(milliseconds)
        lose(session, 'NOOP', 4)
      })
    const [found] = idle(300_000)
    expect(found).toMatchObject({ confidence: 'low', fact: { kind: 'retransmitted', meanwhile: null } })
    expect(found?.message).toMatch(
      /was silent for 300 s; what 192\.168\.1\.10 sent next \(NOOP\) was retransmitted 3 times/,
    )
    expect(idle(20_000)).toEqual([])
    const closed = after((session) => {
      session.scene.wait(300_000)
      session.control.fin('client', { delivered: false })
      captureGoesOn(session, 10_000)
    })
    expect(closed).toEqual([])
  })

  it('measures the silence from the first packet of a connection captured from its middle', () => {
    const place = atClient('')
    const session = openControl(place, { captured: false })
    session.control.keepAlive('client')
    session.scene.wait(300_000)
    lose(session)
    session.control.reset('server', { hopLimit: 63 })
    const [found] = saysOfLast(controlIdleDropped, place)
    expect(found?.evidence.at(-1)).toEqual({ frame: 1, note: 'last packet before the silence' })
  })

  it('says nothing when the capture ends after a 226 that nobody had time to acknowledge', () => {
    const found = dropped(({ control }) => {
      control.send('server', DONE, { delivered: false })
    })
    expect(found).toEqual([])
  })

  it('says nothing when the 226 comes through', () => {
    const found = dropped((session) => {
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    expect(found).toEqual([])
  })

  it('says nothing of a late word to a client that had closed', () => {
    const found = dropped(({ control }) => {
      control.fin('client')
      control.send('server', DONE, { delivered: false })
      control.reset('client')
    })
    expect(found).toEqual([])
  })
})
