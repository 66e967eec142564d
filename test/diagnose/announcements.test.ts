import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { addressTranslated } from '../../src/diagnose/rules/middleboxes/address-translated.js'
import { announcementFamilyMismatch } from '../../src/diagnose/rules/passive/announcement-family-mismatch.js'
import { announcementMalformed } from '../../src/diagnose/rules/passive/announcement-malformed.js'
import { announcementRewritten } from '../../src/diagnose/rules/middleboxes/announcement-rewritten.js'
import { announcementSwallowed } from '../../src/diagnose/rules/middleboxes/announcement-swallowed.js'
import { trackerPrediction } from '../../src/diagnose/rules/middleboxes/tracker-prediction.js'
import {
  ask,
  command,
  dialBack,
  epsv,
  list,
  listing,
  pasv,
  port,
  quit,
  reply,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, inLan } from '../support/places.js'
import { leave, observed, played } from './played.js'
import { SessionBuilder } from './session-builder.js'

describe('announcement-swallowed', () => {
  const swallowed = (attempts: number, line = 'PORT 192,168,1,10,204,76') =>
    observed(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', `${line}\r\n`, { attempts, timeout: 230 })
      session.control.server('220 still here\r\n')
      session.scene.wait(5000)
      leave(session)
    })

  it('is surer with each repetition', () => {
    expect(swallowed(2)).toEqual([])
    expect(swallowed(3)[0]?.confidence).toBe('medium')
    expect(swallowed(4)[0]?.confidence).toBe('high')
  })

  it('says nothing where the other side is silent, too', () => {
    const found = observed(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', 'PORT 192,168,1,10,204,76\r\n', { attempts: 4, timeout: 230 })
    })
    expect(found).toEqual([])
  })

  it.each([
    ['a number that is too large', 'PORT 300,168,1,10,204,76', 'larger than 255'],
    ['a service port', 'PORT 192,168,1,10,0,25', 'the port is below 1024'],
    ['two blanks', 'PORT  192,168,1,10,204,76', 'two blanks behind the verb'],
  ])('names %s that a tracker may stumble over', (_, line, words) => {
    expect(swallowed(4, line)[0]?.remedy?.join()).toContain(words)
  })

  it('names a bare line feed, and an address in the 229', () => {
    const [bare] = observed(announcementSwallowed, atClient(''), (session) => {
      session.control.unacknowledged('client', 'PORT 192,168,1,10,204,76\n', { attempts: 4, timeout: 230 })
      session.control.server('220 still here\r\n')
      leave(session)
    })
    expect(bare?.remedy?.join()).toContain('the line ends in LF without CR')
    const [named] = observed(announcementSwallowed, atServer(''), (session) => {
      command(session, 'EPSV')
      const line = '229 Entering Extended Passive Mode (|1|203.0.113.20|50005|)\r\n'
      session.control.unacknowledged('server', line, { attempts: 4, timeout: 230 })
      session.scene.wait(5000)
      session.control.keepAlive('client', false)
    })
    expect(named?.remedy?.join()).toContain('the 229 names an address')
  })

  it('says nothing where a later reply passed, or the answer was a refusal', () => {
    const refused = observed(announcementSwallowed, atServer(''), (session) => {
      command(session, 'EPSV')
      session.control.unacknowledged('server', '502 No.\r\n', { attempts: 4, timeout: 230 })
      session.control.keepAlive('client', false)
    })
    expect(refused).toEqual([])
  })

  it('sees behind the box that the answer to PASV has a hole, and waits three seconds for it', () => {
    const holed = (wait: number, acknowledged = true) => {
      const session = played(atClient(''), (control) => {
        command(control, 'PASV')
        control.control.server('227 Entering Passive Mode (203,0,113,20,195,85).\r\n', {
          captured: false,
          delivered: false,
        })
        control.control.server('421 late words\r\n')
        control.scene.wait(wait)
        control.control.keepAlive('client', false)
      })
      const last = session.dialogue.exchanges.findLast((exchange) => exchange.command === 'PASV')!
      last.replies = []
      session.dialogue.exchanges.splice(session.dialogue.exchanges.indexOf(last) + 1)
      if (!acknowledged) session.control.flows[0].acknowledged = last.streamStart
      return observe(announcementSwallowed, session)
    }
    expect(holed(1000)).toEqual([])
    const [found] = holed(6000)
    expect(found?.message).toContain('acknowledged "PASV", and of its answer 50 bytes never arrived')
    expect(holed(6000, false)).toEqual([])
  })
})

describe('announcement-rewritten', () => {
  const seen = (verbs: string[], theirs: readonly (readonly [string, string, number | null, number])[]) => {
    const builder = new SessionBuilder().handshake().login()
    for (const verb of verbs) {
      builder.command(1, `${verb} …`).reply(1.1, '200 Ok.').announces('192.168.1.10', 52_300)
      builder.dialogue.announcements.push({ ...builder.session.channels.at(-1)!.announcement!, verb: verb as 'PORT' })
    }
    const session = builder.judged()
    session.surroundings.sameSession = {
      firstFrame: 40,
      client: { address: '198.51.100.7', port: 52_228 },
      server: { address: '203.0.113.20', port: 21 },
      announcements: theirs.map(([verb, address, number, frame]) => ({
        verb: verb as 'PORT',
        address,
        port: number,
        frame,
        time: 1e9,
      })),
    }
    return observe(announcementRewritten, session)
  }

  it('tells by the frames which side is before the box', () => {
    const [behind] = seen(['PORT'], [['PORT', '198.51.100.7', 52_300, 50]])
    expect(behind?.message).toContain('named 192.168.1.10:52300 before it')
    const [before] = seen(['PORT'], [['PORT', '198.51.100.7', 52_300, 2]])
    expect(before?.message).toContain('named 198.51.100.7:52300 before it (198.51.100.7 to 203.0.113.20)')
  })

  it('counts all that were changed, and compares only what the two sides have in common', () => {
    const [both] = seen(
      ['PORT', 'PORT'],
      [
        ['PORT', '198.51.100.7', 52_300, 50],
        ['PORT', '198.51.100.7', 60_000, 51],
      ],
    )
    expect(both?.message).toContain('; 2 announcements in all.')
    expect(seen(['PORT'], [['EPRT', '198.51.100.7', 52_300, 50]])).toEqual([])
    expect(seen(['PORT'], [['PORT', '198.51.100.7', null, 50]])).toEqual([])
    expect(seen(['PORT'], [['PORT', '192.168.1.10', 52_300, 50]])).toEqual([])
  })
})

describe('address-translated', () => {
  it('is told of the client in active mode, and of a place between announcement and translator', () => {
    const [found] = observed(addressTranslated, atServer('', { client: '192.168.1.10' }), (session) => {
      // Announced outside, arrived inside: this capture is behind the NAT of the client.
      port(session, 52_300, { address: '198.51.100.7' })
      command(session, 'LIST')
      const data = dialBack(session, 52_300)
      reply(session, '150 Here.')
      data.client('a\r\n').close('client')
      reply(session, '226 Done.')
      quit(session)
    })
    expect(found?.side).toBe('client-network')
    expect(found?.message).toContain('a NAT before the client translates the one into the other')
    const [outward] = observed(addressTranslated, atClient(''), (session) => {
      pasv(session, 50_005, '10.0.0.21')
      const other = session.scene.host('203.0.113.77', { hopLimit: 57 })
      list(session, session.scene.connect(session.client, session.nextPort++, other, 50_005))
      quit(session)
    })
    expect(outward?.side).toBe('server-network')
    expect(outward?.message).toContain('a NAT between the announcement and this capture translated the address')
  })

  it('takes the address of the control connection for the one that EPSV announces', () => {
    const [found] = observed(addressTranslated, atClient(''), (session) => {
      epsv(session, 50_005)
      const other = session.scene.host('10.0.0.21', { hopLimit: 57 })
      list(session, session.scene.connect(session.client, session.nextPort++, other, 50_005))
      quit(session)
    })
    expect(found?.message).toContain('The server announced 203.0.113.20:50005')
  })
})

describe('announcement-family-mismatch', () => {
  it('tells a 227 over IPv6 from an answer to another question', () => {
    const [family] = observed(announcementFamilyMismatch, atClientOverIpv6(''), (session) => {
      ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,85).')
      leave(session)
    })
    expect(family?.message).toContain('an IPv4 address in a 227 although the control connection is IPv6')
    const [kind] = observed(announcementFamilyMismatch, atClient(''), (session) => {
      ask(session, 'PASV', '229 Entering Extended Passive Mode (|||50005|)')
      leave(session)
    })
    expect(kind?.message).toBe('The server answered PASV with 229.')
  })
})

describe('announcement-malformed', () => {
  const BROKEN = 'PORT 192,168,1,10,300,76'

  it('blames who wrote the words, and shows what came of them', () => {
    const [client] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '501 Syntax error.')
      leave(session)
    })
    expect(client).toMatchObject({ side: 'client', severity: 'error' })
    expect(client?.remedy?.[0]).toContain('update the client')
    const [server] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,300,85).')
      ask(session, 'LIST', '425 Use PORT or PASV first.')
      leave(session)
    })
    expect(server).toMatchObject({ side: 'server', severity: 'error' })
    expect(server?.evidence.map(({ note }) => note)).toContain('425 Use PORT or PASV first.')
  })

  it('warns only where nothing was lost by them, or another attempt worked', () => {
    const unused = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '200 Ok.')
      leave(session)
    })
    const used = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '200 Ok.')
      ask(session, 'LIST', '425 No.')
      leave(session)
    })
    const good = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '501 Syntax error.')
      listing(session)
      quit(session)
    })
    expect([unused, used, good].map(([found]) => found?.severity)).toEqual(['warning', 'error', 'warning'])
  })
})

describe('tracker-prediction', () => {
  it('says where in its segments the announcement lies', () => {
    const note = (play: (session: FtpSession) => void) =>
      observed(trackerPrediction, inLan(''), (session) => {
        play(session)
        leave(session)
      })[0]?.evidence[0].note
    const line = 'PORT 10,1,0,2,204,76\r\n'
    expect(note(({ control }) => control.client(`NOOP\r\n${line}`))).toContain('not at the start of its segment')
    expect(note(({ control }) => control.client(line, { segment: 9 }))).toContain('split over two segments')
    expect(
      note((session) => {
        command(session, 'PORT 10,1,0,2, 204,76')
      }),
    ).toContain('control connection between 10.1.0.2')
  })
})
