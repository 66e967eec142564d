/** Known errors of small or older tools, and what Snort and nDPI expect of the captures of their own tests. */
import { describe, expect, it } from 'vitest'
import { ask, dial, list, LISTING, login, pasv, port, quit, reply, retrieve } from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, openControl } from '../support/places.js'
import { Flag, type ScenePacket } from '../support/scene-packet.js'
import { analyzed } from '../property/essence.js'
import { channelsOf, exchangesOf, says, sessionOf, swapped } from './analysed.js'

describe('What other tools get wrong is correct for', () => {
  // PcapPlusPlus #1979: data after an early FIN was dropped.
  it('data that is captured after the FIN that ends it', () => {
    const at = atServer('')
    const control = openControl(at)
    const isEnd = ({ tcp }: ScenePacket) => tcp?.sourcePort === 50_005 && (tcp.flags & Flag.Fin) !== 0
    at.scene.apply(swapped(says(LISTING.slice(150, 160), 50_005), isEnd))
    ask(control, 'USER a', '230 in')
    pasv(control, 50_005)
    const data = dial(control, 50_005)
    ask(control, 'LIST', '150 Here comes the directory listing.')
    data.server(LISTING, { segment: 50 }).close('server')
    reply(control, '226 Directory send OK.')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session!.dataChannels).toMatchObject([
      { connection: { bytes: LISTING.length, missingBytes: 0 }, transfer: { outcome: 'completed' } },
    ])
  })

  // PcapPlusPlus #851: bytes of the peer were counted as missing.
  it('an upload, whose acknowledgments are not a gap in the other direction', () => {
    const session = sessionOf(atServer(''), (control) => {
      pasv(control, 50_005)
      const data = dial(control, 50_005)
      ask(control, 'STOR f', '150 Ok to send data.')
      data.client(20_000).close('client')
      reply(control, '226 Transfer complete.')
      quit(control)
    })
    expect(session.dataChannels).toMatchObject([{ connection: { bytes: 20_000, missingBytes: 0 } }])
  })

  // tcpflow #162: both directions in one order.
  it('a reply that the capture shows before its command', () => {
    const at = atClient('')
    const control = openControl(at)
    at.scene.apply(swapped(says('SYST'), says('215')))
    reply(control, '220 ready')
    ask(control, 'USER a', '230 in')
    ask(control, 'SYST', '215 UNIX Type: L8')
    ask(control, 'PWD', '257 "/"')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(exchangesOf(session!)).toEqual(['- 220', 'USER 230', 'SYST 215', 'PWD 257', 'QUIT 221'])
  })

  // NetworkMiner reads SIZE into 32 bits with a sign.
  it('a partial download of a file larger than 2 GiB', () => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'SIZE huge.iso', '213 5000000000')
      ask(control, 'REST 4999998000', '350 Restarting at 4999998000.')
      retrieve(control, { path: 'huge.iso', data: 2000, statedBytes: 5_000_000_000 })
      quit(control)
    })
    expect(session.dataChannels).toMatchObject([
      { transfer: { restartAt: 4_999_998_000, bytes: 2000, expectedBytes: 2000, outcome: 'completed' } },
    ])
  })

  // Arkime skips a banner that contains TLS.
  it('a server on an unusual port whose banner mentions TLS', () => {
    const at = atClient('')
    const control = openControl(at, { serverPort: 40_021 })
    login(control, { banner: '220 FTP server with TLS ready' })
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(exchangesOf(session!)).toEqual(['- 220', 'USER 331', 'PASS 230', 'QUIT 221'])
  })

  // Small analyzers look for parentheses, IPFilter for "Entering Passive Mod".
  it.each([
    '227 Entering Passive Mode 203,0,113,20,195,85',
    '227 Data transfer will passively listen to 203,0,113,20,195,85',
    '227 =203,0,113,20,195,85',
    '227-listen socket created\r\n227 (203,0,113,20,195,85)',
    '227 Entering Passive Mode (203, 0, 113, 20, 195, 85)',
    '227 Entering Passive Mode (203,000,113,020,195,085)',
    '227 Passive on srv01 (203,0,113,20,195,85)',
  ])('%j', (answer) => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'PASV', answer)
      list(control, dial(control, 50_005))
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PASV 50005 established announced LIST completed'])
  })
})

describe('As Snort expects of its captures, ftpscope sees', () => {
  it('that AUTH is refused, and then a file over an active connection (eicar)', () => {
    const at = atServer('')
    const control = openControl(at)
    reply(control, '220 ready')
    ask(control, 'AUTH TLS', '534 Local policy on server does not allow TLS secure connections.')
    ask(control, 'USER a', '331 Please specify the password.')
    ask(control, 'PASS b', '230 Login successful.')
    retrieve(control, { verb: 'PORT', path: 'eicar.com', port: 40_001, data: 68 })
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session).toMatchObject({ security: 'none', login: 'accepted', verdict: { outcome: 'ok' } })
    expect(channelsOf(session!)).toEqual(['PORT 40001 established announced RETR completed'])
  })

  it('a PORT with an address that is not the client’s (client)', () => {
    const session = sessionOf(atServer(''), (control) => {
      port(control, 40_001, { address: '10.4.11.135' })
      quit(control)
    })
    expect(session.dataChannels[0]).toMatchObject({ verb: 'PORT', announcement: { address: '10.4.11.135' } })
  })
})

describe('As nDPI expects of its captures, ftpscope sees', () => {
  it('a rejected login over IPv6 (ftp_failed)', () => {
    const at = atClientOverIpv6('')
    const control = openControl(at)
    reply(control, '220 ready')
    ask(control, 'USER a', '331 Please specify the password.')
    ask(control, 'PASS b', '530 Login incorrect.')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session).toMatchObject({ login: 'rejected', verdict: { outcome: 'failed', cause: 'login-rejected' } })
  })
})
