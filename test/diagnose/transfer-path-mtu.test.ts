import { describe, expect, it } from 'vitest'
import { pathMtuBlackhole } from '../../src/diagnose/rules/transfers/path-mtu-blackhole.js'
import type { Conversation } from '../support/conversation.js'
import { ask, command, dial, epsv, pasv, quit, reply, retrieve, type FtpSession } from '../support/ftp-scene.js'
import type { IcmpError } from '../support/packet-writer.js'
import { atClient, atServer, type Place } from '../support/places.js'
import { Flag } from '../support/scene-packet.js'
import { leave, observed } from './played.js'

/**
 * Three full-size segments are sent, the first of them again and again, and a small one arrives; then the client gives
 * up.
 */
function stick(data: Conversation, session: FtpSession, small = 208): void {
  data.server(4344, { delivered: false })
  if (small > 0) data.server(small)
  for (const think of [230, 460, 920, 1840])
    data.retransmit('server', 1, { skip: small > 0 ? 3 : 2, think, delivered: false })
  session.scene.wait(10_000)
}

/** A download in which this happens to the data connection. */
const download = (play: (data: Conversation, session: FtpSession) => void, place: Place = atServer('')) =>
  observed(pathMtuBlackhole, place, (session) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR report.bin', '150 Opening.')
    play(data, session)
  })

const stuck = (before: (data: Conversation, session: FtpSession) => void = () => undefined) =>
  download((data, session) => {
    before(data, session)
    stick(data, session)
    data.fin('client')
    leave(session)
  })

describe('path-mtu-blackhole', () => {
  it('is sure where small segments pass and the large one never does', () => {
    const [found] = stuck()
    expect(found).toMatchObject({
      confidence: 'high',
      rivals: [],
      fact: {
        kind: 'unacknowledged',
        connection: 'data',
        sender: '203.0.113.20',
        receiver: '198.51.100.7',
        bytes: 1448,
        offset: 0,
        retransmissions: 4,
        largestAcknowledged: 0,
        icmp: null,
      },
    })
    expect(found?.evidence.at(-1)?.note).toBe('RETR report.bin')
  })

  it('names the largest segment that came through, and says nothing where one of the same size did', () => {
    const [passed] = stuck((data) => data.server(300))
    expect(passed?.fact).toMatchObject({ offset: 300, largestAcknowledged: 300 })
    expect(passed?.message).toContain('(the largest that was acknowledged has 300 bytes)')
    expect(stuck((data) => data.server(1448))).toEqual([])
  })

  it('shows the ICMP message that does not reach the sender, and no other', () => {
    const told = (error: IcmpError, about: 'client' | 'server') =>
      download((data, session) => {
        stick(data, session)
        const end = data.end(about)
        const fields = { flags: Flag.Ack, sequence: end.sequenceAt(1) }
        const payload = new Uint8Array(about === 'server' ? 1448 : 0)
        const quoted = data.transmit(end, fields, session.scene.now, true, { payload })
        session.scene.icmp(error, quoted)
        data.fin('client')
        leave(session)
      })[0]?.fact
    const router = { from: '198.51.100.1', mtu: 1400 }
    expect(told({ type: 3, code: 4, ...router }, 'server')).toMatchObject({ icmp: router })
    expect(told({ type: 3, code: 4, ...router }, 'client')).toMatchObject({ icmp: null })
    expect(told({ type: 3, code: 13, ...router }, 'server')).toMatchObject({ icmp: null })
    expect(told({ type: 11, code: 4, ...router }, 'server')).toMatchObject({ icmp: null })
  })

  it('knows the message of IPv6, too', () => {
    const place = atServer('', { client: '2001:db8:1::10', server: '2001:db8:2::20' })
    const [found] = observed(pathMtuBlackhole, place, (session) => {
      epsv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR report.bin', '150 Opening.')
      data.server(4284, { delivered: false }).server(208)
      for (const think of [230, 460, 920, 1840]) data.retransmit('server', 1, { skip: 3, think, delivered: false })
      const end = data.end('server')
      const fields = { flags: Flag.Ack, sequence: end.sequenceAt(1) }
      const quoted = data.transmit(end, fields, session.scene.now, true, { payload: new Uint8Array(1428) })
      session.scene.icmp({ type: 2, code: 0, from: '2001:db8:9::1', mtu: 1280 }, quoted)
      leave(session)
    })
    expect(found?.fact).toMatchObject({ icmp: { from: '2001:db8:9::1', mtu: 1280 } })
  })

  it('sees at the receiver that the sender is ahead by full segments of which none arrived', () => {
    const ahead = (play: (data: Conversation, session: FtpSession) => void, place = atClient('')) =>
      observed(pathMtuBlackhole, place, (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'RETR report.bin', '150 Opening.')
        data.server(4344, { captured: false, delivered: false })
        play(data, session)
        leave(session)
      })
    const [found] = ahead((data, session) => {
      data.acknowledge('server')
      session.scene.wait(20_000)
      data.acknowledge('server')
    })
    expect(found).toMatchObject({
      confidence: 'high',
      rivals: [],
      fact: { kind: 'never-arrived', sender: '203.0.113.20', bytes: 4344, offset: 0, largestSegment: 0, jumbo: null },
    })
    expect(found?.message).toContain('it sent 4344 bytes from offset 0')
    // The end of the data shows the same, where the sender is not heard of again.
    const [fin] = ahead((data, session) => {
      data.fin('server')
      session.scene.wait(20_000)
      data.acknowledge('client')
    })
    expect(fin?.fact).toMatchObject({ kind: 'never-arrived', bytes: 4344 })
    const soon = ahead((data) => {
      data.acknowledge('server')
    })
    expect(soon).toEqual([])
  })

  it('names jumbo frames that both ends offer', () => {
    const jumbo = { hopLimit: 64, maximumSegmentSize: 8960 }
    const place = atServer('', { clientLook: { ...jumbo, distance: 4 }, serverLook: jumbo })
    const [found] = download((data, session) => {
      data.server(8948, { delivered: false }).server(208)
      for (const think of [230, 460, 920, 1840]) data.retransmit('server', 1, { skip: 1, think, delivered: false })
      data.fin('client')
      leave(session)
    }, place)
    expect(found?.fact.jumbo).toBe(8960)
    expect(found?.message).toContain('Both ends offer an MSS of 8960')
    expect(found?.remedy[0]).toContain('MTU to 1500')
  })

  it('needs a sign of life from the receiver, on its connection or on the control connection after a handshake', () => {
    const alone = (data: Conversation, session: FtpSession) => {
      stick(data, session, 0)
      ask(session, 'NOOP', '200 Ok.')
      leave(session)
    }
    expect(download(alone)[0]).toMatchObject({ confidence: 'medium', rivals: ['transfer-stalled'] })
    const dead = download((data, session) => {
      // The acknowledgment of the 150 comes before.
      session.scene.wait(100)
      stick(data, session, 0)
    })
    const midstream = observed(pathMtuBlackhole, atServer(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005, { captured: false })
      ask(session, 'RETR report.bin', '150 Opening.')
      alone(data, session)
    })
    const place = atServer('')
    // The capture lacks the end of the handshake.
    place.scene.drop(({ tcp }) => tcp?.destinationPort === 50_005 && tcp.flags === Flag.Ack)
    const unopened = download(alone, place)
    expect([dead, midstream, unopened]).toEqual([[], [], []])
  })

  it('asks the server for its sign of life where the client sends', () => {
    const upload = (then: (session: FtpSession) => void) =>
      observed(pathMtuBlackhole, atClient(''), (session) => {
        pasv(session, 50_005)
        const data = dial(session, 50_005)
        ask(session, 'STOR report.bin', '150 Ok to send data.')
        data.client(4344, { delivered: false })
        for (const think of [230, 460, 920, 1840]) data.retransmit('client', 1, { skip: 2, think, delivered: false })
        then(session)
      })
    const [found] = upload((session) => {
      ask(session, 'NOOP', '200 Ok.', { think: 5000 })
    })
    expect(found?.fact).toMatchObject({ sender: '192.168.1.10', receiver: '203.0.113.20' })
    expect(
      upload((session) => {
        command(session, 'NOOP', { delivered: false })
      }),
    ).toEqual([])
  })

  it('does not take a receiver that does not read for a matter of sizes', () => {
    const found = download((data, session) => {
      data.server(300)
      data.acknowledge('client', { window: 0 })
      stick(data, session, 0)
      leave(session)
    })
    expect(found).toEqual([])
  })

  it('speaks of the control connection where it is that one, and warns only of a file that came later', () => {
    const [control] = observed(pathMtuBlackhole, atServer(''), (session) => {
      command(session, 'STAT')
      session.control.unacknowledged('server', `211 ${'x'.repeat(1442)}\r\n`)
      command(session, 'NOOP')
    })
    expect(control).toMatchObject({ fact: { connection: 'control', bytes: 1448 }, channel: null })
    const [good] = download((data, session) => {
      stick(data, session)
      data.reset('client')
      reply(session, '426 Failure writing network stream.')
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(good?.severity).toBe('warning')
  })

  it('waits three seconds for a hole to be filled before it blames a link behind which it was captured', () => {
    const holed = (wait: number) =>
      download((data, session) => {
        data.server(4344, { captured: false, delivered: false }).server(208)
        session.scene.wait(wait)
        data.fin('client')
        leave(session)
      }, atClient(''))
    expect(holed(1000)).toEqual([])
    const [found] = holed(9000)
    expect(found?.fact).toMatchObject({ kind: 'hole', bytes: 4344, offset: 0, largestSegment: 208, fullSegment: 1420 })
    expect(found?.message).toContain('4344 bytes from offset 0 never arrived')
  })
})
