import { describe, expect, it } from 'vitest'
import { type Analysis, Analyzer } from '../../src/index.js'
import { ask, login, quit, reply } from '../support/ftp-scene.js'
import { atClient, openControl, type Place } from '../support/places.js'
import type { Conversation } from '../support/conversation.js'
import { clientHello, serverFlight } from '../support/tls-records.js'

function analysisOf({ scene }: Place): Analysis {
  const analyzer = new Analyzer()
  analyzer.openFile('scene.pcap')
  analyzer.push(scene.toPcap())
  analyzer.closeFile()
  return analyzer.end()
}

function talk(script: (control: Conversation) => void, serverPort = 21): Analysis {
  const place = atClient('')
  script(openControl(place, { serverPort }).control)
  return analysisOf(place)
}

/** A ClientHello that offers these application protocols (RFC 7301 §3.1). */
function helloWith(protocols: readonly string[]): Uint8Array {
  const names = protocols.flatMap((name) => [name.length, ...new TextEncoder().encode(name)])
  const alpn = [0, 16, 0, names.length + 2, 0, names.length, ...names]
  const body = [3, 3, ...Array<number>(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, 0, alpn.length, ...alpn]
  const message = [1, 0, 0, body.length, ...body]
  return Uint8Array.from([0x16, 3, 1, 0, message.length, ...message])
}

describe('A client of another protocol on a port of FTP is other traffic', () => {
  const HTTP_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
  it.each<[string, string, (control: Conversation) => void]>([
    ['HTTP', 'with its server', (c) => c.client('GET / HTTP/1.1\r\nHost: a\r\n\r\n').server(HTTP_ANSWER)],
    ['HTTP', 'that asks for a tunnel', (c) => c.client('CONNECT a.example:443 HTTP/1.1\r\n\r\n').server(HTTP_ANSWER)],
    ['HTTP', 'of version 0.9', (c) => c.client('GET /\r\n').server('<html></html>\r\n')],
    [
      'HTTP',
      'at an FTP server',
      (c) => c.server('220 Ready\r\n').client('GET / HTTP/1.0\r\n\r\n').server('500 What?\r\n'),
    ],
    ['SMTP', 'with its server', (c) => c.server('220 mail ESMTP\r\n').client('EHLO a\r\n').server('250 mail\r\n')],
    ['SSH', 'with its server', (c) => c.server('SSH-2.0-OpenSSH_9.2\r\n').client('SSH-2.0-libssh2\r\n')],
    ['SSH', 'that gets no answer', (c) => c.client('SSH-2.0-Go\r\n')],
    ['POP3', 'with its server', (c) => c.server('+OK\r\n').client('USER a\r\n').server('+OK\r\n').client('STAT\r\n')],
    ['IMAP', 'with its server', (c) => c.server('* OK IMAP4\r\n').client('a1 LOGIN a b\r\n').server('a1 OK\r\n')],
    ['RTSP', 'of a scanner', (c) => c.client('OPTIONS rtsp://a RTSP/1.0\r\n\r\n')],
    ['SIP', 'of a scanner', (c) => c.client('OPTIONS sip:nm SIP/2.0\r\n\r\n')],
    ['SMB', 'of a scanner', (c) => c.client(Uint8Array.from([0, 0, 0, 0xa4, 0xff, 0x53, 0x4d, 0x42, 0x72]))],
    ['RDP', 'of a scanner', (c) => c.client(Uint8Array.from([3, 0, 0, 0x13, 0x0e, 0xe0, 0, 0]))],
    ['SOCKS', 'of a scanner', (c) => c.client(Uint8Array.from([5, 1, 0]))],
    ['Redis', 'of a scanner', (c) => c.client('*1\r\n$4\r\nPING\r\n').server('+PONG\r\n')],
    [
      'unknown',
      'of its own',
      (c) => c.client('hello there\r\n').server('hi\r\n').client('again\r\n').server('yes\r\n'),
    ],
    [
      'IRC',
      'whose first command is PASS',
      (c) => c.client('PASS s\r\n').client('NICK a\r\n').client('USER a 0 * :A\r\n').server(':irc.x 001 a :Hi\r\n'),
    ],
    [
      'IRC',
      'whose server speaks first',
      (c) => c.server(':irc.x NOTICE * :*** Ident\r\n').client('USER a 0 * :A\r\n').client('NICK a\r\n'),
    ],
    ['HTTPS', 'by its application protocols', (c) => c.client(helloWith(['h2', 'http/1.1'])).server(serverFlight())],
    ['TLS', 'by its application protocol', (c) => c.client(helloWith(['imap'])).server(serverFlight())],
  ])('%s %s', (protocol, _, script) => {
    for (const port of [21, 990]) {
      const analysis = talk((control) => {
        script(control)
        control.close('client')
      }, port)
      expect(analysis.sessions).toEqual([])
      expect(analysis.otherTraffic).toMatchObject([{ protocol, client: '192.168.1.10', connections: 1 }])
    }
  })

  it('in one line for all connections to a server', () => {
    const place = atClient('')
    for (let index = 0; index < 5; index++) {
      const { control } = openControl(place, { clientPort: 40_000 + index })
      control.client('GET / HTTP/1.1\r\nHost: a\r\n\r\n').server(HTTP_ANSWER).close('server')
    }
    const { otherTraffic, summary } = analysisOf(place)
    expect(otherTraffic?.map(({ sentence }) => sentence)).toEqual([
      '5 connections from 192.168.1.10 to 203.0.113.20:21 are HTTP, without an FTP client',
    ])
    expect(summary.outcomes.failed).toBe(0)
  })
})

describe('An FTP client at a server of another protocol has failed', () => {
  it.each<[string, string, (control: Conversation) => void]>([
    ['waits for a greeting', 'SSH', (c) => c.server('SSH-2.0-OpenSSH_9.2\r\n').close('client', { think: 3000 })],
    ['sends USER', 'SMTP', (c) => c.server('220 mail ESMTP\r\n').client('USER a\r\n').server('502 What?\r\n')],
    ['sends AUTH TLS', 'SMTP', (c) => c.server('220 mail ESMTP\r\n').client('AUTH TLS\r\n').server('502 What?\r\n')],
    ['times out', 'HTTP', (c) => c.server('HTTP/1.1 408 Request Timeout\r\n\r\n', { think: 20_000 }).close('server')],
    ['speaks implicit TLS', 'SSH', (c) => c.server('SSH-2.0-OpenSSH_9.2\r\n').client(clientHello()).close('server')],
    [
      'offers ALPN "ftp"',
      'SSH',
      (c) =>
        c
          .server('SSH-2.0-x\r\n')
          .client(helloWith(['ftp']))
          .close('server'),
    ],
  ])('%s, but the server is %s', (_, protocol, script) => {
    const analysis = talk((control) => {
      script(control)
      control.close('client')
    })
    expect(analysis.sessions).toMatchObject([
      { otherProtocol: protocol, verdict: { outcome: 'failed', cause: 'not-ftp' } },
    ])
    expect(analysis.otherTraffic).toBeUndefined()
  })

  it('but FTP through an HTTP tunnel on its port is a session', () => {
    const place = atClient('')
    const session = openControl(place)
    ask(session, 'CONNECT 203.0.113.21:21 HTTP/1.0\r\n', 'HTTP/1.0 200 Connection established\r\n')
    reply(session, '220 Ready')
    ask(session, 'USER alice', '331 Password please.')
    ask(session, 'PASS x', '230 Logged in.')
    quit(session)
    expect(analysisOf(place).sessions).toMatchObject([{ login: 'accepted' }])
  })

  it('but implicit TLS that names FTP, or nothing, is FTPS', () => {
    const analysis = talk((control) => control.client(helloWith(['ftp'])).server(serverFlight()), 990)
    expect(analysis.sessions).toMatchObject([{ security: 'implicit-tls' }])
    const place = atClient('')
    login(openControl(place))
    expect(analysisOf(place).otherTraffic).toBeUndefined()
  })
})
