/** Dialogues and packets that Wireshark 4.0 misreads, or does not link; each was verified with tshark. */
import { describe, expect, it } from 'vitest'
import {
  ask,
  command,
  dial,
  dialInVain,
  hostPort,
  list,
  listBack,
  pasv,
  port,
  quit,
  reply,
} from '../support/ftp-scene.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { atClient, atClientOverIpv6, atServer, openControl } from '../support/places.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../support/tls-records.js'
import { analyzed } from '../property/essence.js'
import { channelsOf, exchangesOf, sessionOf, swapped } from './analysed.js'

/** The byte of a scene's pattern at an offset. */
const patternAt = (index: number) => (index * 7 + (index >> 8)) & 0xff

const SERVER = '203.0.113.20'
const PASSIVE = `227 Entering Passive Mode (${hostPort(SERVER, 50_005)}).`
const ANNOUNCED = ['PASV 50005 established announced LIST completed']

describe('A data connection is linked to', () => {
  it('a 227 that is split over segments', () => {
    const session = sessionOf(atClient(''), (control) => {
      command(control, 'PASV')
      control.control.server(`${PASSIVE}\r\n`, { segment: 9 })
      list(control, dial(control, 50_005))
    })
    expect(channelsOf(session)).toEqual(ANNOUNCED)
    expect(exchangesOf(session)).toContain('PASV 227')
  })

  it('a 227 after another line in its segment', () => {
    const session = sessionOf(atClient(''), (control) => {
      control.control.client('TYPE A\r\nPASV\r\n').server(`200 Switching to ASCII mode.\r\n${PASSIVE}\r\n`)
      list(control, dial(control, 50_005))
    })
    expect(channelsOf(session)).toEqual(ANNOUNCED)
    expect(exchangesOf(session).slice(3, 5)).toEqual(['TYPE 200', 'PASV 227'])
  })

  it.each([
    ['IPv4', atServer],
    ['IPv6', atClientOverIpv6],
  ])('EPRT over %s, from whatever port the server connects', (_, place) => {
    for (const fromPort of [20, 51_111]) {
      const at = place('')
      const { address } = at.client
      const session = sessionOf(at, (control) => {
        ask(control, `EPRT |${address.includes(':') ? 2 : 1}|${address}|40002|`, '200 EPRT command successful.')
        listBack(control, 40_002, { fromPort })
      })
      expect(channelsOf(session)).toEqual(['EPRT 40002 established announced LIST completed'])
    }
  })

  it('PORT if the server does not connect from port 20', () => {
    const session = sessionOf(atServer(''), (control) => {
      port(control, 40_001)
      listBack(control, 40_001, { fromPort: 51_112 })
    })
    expect(channelsOf(session)).toEqual(['PORT 40001 established announced LIST completed'])
  })

  it.each(['port', 'PoRt', ' PORT', 'PORT '])('%j, whatever the case and spaces', (verb) => {
    const at = atServer('')
    const session = sessionOf(at, (control) => {
      ask(control, `${verb} ${hostPort(at.client.address, 40_001)}`, '200 PORT command successful.')
      listBack(control, 40_001)
    })
    expect(channelsOf(session)).toEqual(['PORT 40001 established announced LIST completed'])
  })

  it('a 227 of an address that the client replaces by that of the control connection', () => {
    const session = sessionOf(atClient(''), (control) => {
      pasv(control, 50_005, '10.0.0.21')
      list(control, dial(control, 50_005))
    })
    expect(channelsOf(session)).toEqual(['PASV 50005 established control-address LIST completed'])
    expect(session.dataChannels[0]).toMatchObject({ announcement: { address: '10.0.0.21' }, to: { address: SERVER } })
  })

  it.each([
    ['with an address', `229 Entering Extended Passive Mode (|1|${SERVER}|50005|)`],
    ['with an address and no protocol', `229 Entering Extended Passive Mode (||${SERVER}|50005|)`],
    ['with another delimiter', '229 Entering Extended Passive Mode (!!!50005!)'],
    ['without parentheses', '229 Entering Extended Passive Mode |||50005|'],
  ])('a 229 %s', (_, answer) => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'EPSV', answer)
      list(control, dial(control, 50_005))
    })
    expect(channelsOf(session)).toEqual(['EPSV 50005 established announced LIST completed'])
  })

  it('a 227 that answers EPSV', () => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'EPSV', PASSIVE)
      list(control, dial(control, 50_005))
    })
    expect(channelsOf(session)).toEqual(['EPSV 50005 established announced LIST completed'])
  })

  it('LPSV and LPRT', () => {
    const at = atClient('')
    const session = sessionOf(at, (control) => {
      ask(control, 'LPSV', `228 Entering Long Passive Mode (4,4,203,0,113,20,2,195,85)`)
      list(control, dial(control, 50_005))
      ask(control, `LPRT 4,4,192,168,1,10,2,156,65`, '200 LPRT command successful.')
      listBack(control, 40_001)
    })
    expect(channelsOf(session)).toEqual([
      'LPSV 50005 established announced LIST completed',
      'LPRT 40001 established announced LIST completed',
    ])
  })

  it('a control connection on any port', () => {
    const session = sessionOf(
      atClient(''),
      (control) => {
        pasv(control, 50_005)
        list(control, dial(control, 50_005))
      },
      { serverPort: 40_021 },
    )
    expect(channelsOf(session)).toEqual(ANNOUNCED)
  })
})

describe('Commands and replies are read correctly where Wireshark', () => {
  it('masks an octet above 255: 300 is not 44', () => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'PASV', '227 Entering Passive Mode (203,0,113,300,195,85).')
      quit(control)
    })
    expect(session.dataChannels).toMatchObject([{ announcement: { address: null, port: null } }])
    expect(session.findings.map(({ id }) => id)).toContain('announcement-malformed')
    expect(JSON.stringify(session)).not.toContain('203.0.113.44')
  })

  it.each(['AUTH TLS', 'AUTH SSL', 'AUTH TLS-C', 'AUTH TLS-P', 'auth tls', 'Auth Tls'])(
    'takes the TLS after %s for commands',
    (words) => {
      const at = atClient('')
      const control = openControl(at)
      reply(control, '220 ready')
      ask(control, words, '234 Proceed with negotiation.')
      control.control.client(clientHello()).server(serverFlight()).client(clientFinished())
      control.control.client(applicationData(40)).server(applicationData(60)).close('client')
      const [session] = analyzed(at.scene.toPcap()).sessions
      expect(session!.security).toBe('explicit-tls')
      expect(exchangesOf(session!)).toEqual(['- 220', 'AUTH 234'])
    },
  )

  it('does not recognize FTP on port 990, which begins with TLS', () => {
    const at = atClient('')
    const control = openControl(at, { serverPort: 990 })
    control.control.client(clientHello()).server(serverFlight()).client(clientFinished())
    control.control.server(applicationData(60)).client(applicationData(40)).close('client')
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session).toMatchObject({ security: 'implicit-tls', exchanges: [] })
  })
})

describe('Packets count once, and all of them do, where Wireshark', () => {
  it('exports a file without the segment that came out of order', () => {
    const at = atServer('')
    const control = openControl(at)
    // The second segment of the file comes after the third.
    const part =
      (index: number) =>
      ({ tcp, payload }: ScenePacket) =>
        tcp?.sourcePort === 50_005 && payload.length === 500 && payload[0] === patternAt(500 * index)
    at.scene.apply(swapped(part(1), part(2)))
    ask(control, 'USER a', '230 in')
    pasv(control, 50_005)
    const data = dial(control, 50_005)
    ask(control, 'RETR file', '150 Opening BINARY mode data connection for file (2000 bytes).')
    data.server(2000, { segment: 500 }).close('server')
    reply(control, '226 Transfer complete.')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session!.dataChannels).toMatchObject([
      {
        connection: { bytes: 2000, missingBytes: 0, retransmissions: 0 },
        transfer: { bytes: 2000, expectedBytes: 2000, outcome: 'completed' },
      },
    ])
  })

  it('only suspects retransmissions: a SYN without an answer is linked to its announcement', () => {
    const session = sessionOf(atClient(''), (control) => {
      pasv(control, 50_005)
      dialInVain(control, 50_005, { attempts: 4 })
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PASV 50005 unanswered announced'])
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'passive-port-unanswered' })
  })

  it('assigns the data to the first command after the announcement, which is not the transfer', () => {
    const session = sessionOf(atClient(''), (control) => {
      pasv(control, 50_005)
      ask(control, 'TYPE I', '200 Switching to Binary mode.')
      ask(control, 'SIZE f', '213 2048')
      const data = dial(control, 50_005)
      ask(control, 'RETR f', '150 Opening BINARY mode data connection for f (2048 bytes).')
      data.server(2048).close('server')
      reply(control, '226 Transfer complete.')
      quit(control)
    })
    expect(session.dataChannels).toMatchObject([{ transfer: { command: 'RETR', path: 'f', bytes: 2048 } }])
  })
})
