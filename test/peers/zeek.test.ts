/** The dialogues of Zeek's own FTP tests (testing/btest), replayed, and what its scripts are known to miss. */
import { describe, expect, it } from 'vitest'
import {
  ask,
  command,
  dial,
  dialBack,
  list,
  listBack,
  listing,
  LISTING,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, openControl } from '../support/places.js'
import { pureftpd } from '../support/server-dialects.js'
import { applicationData, clientHello, serverFlight } from '../support/tls-records.js'
import { analyzed } from '../property/essence.js'
import { analysisOf, channelsOf, exchangesOf, sessionOf } from './analysed.js'

const ids = (session: { findings: { id: string }[] }) => session.findings.map(({ id }) => id)

describe('As Zeek expects of its captures, ftpscope sees', () => {
  it('two data connections by PASV and two by PORT (ipv4)', () => {
    const session = sessionOf(atClient(''), (control) => {
      listing(control, { port: 50_001 })
      retrieve(control, { port: 50_002 })
      listing(control, { verb: 'PORT', port: 40_001 })
      retrieve(control, { verb: 'PORT', port: 40_002 })
      quit(control)
    })
    expect(channelsOf(session)).toEqual([
      'PASV 50001 established announced LIST completed',
      'PASV 50002 established announced RETR completed',
      'PORT 40001 established announced LIST completed',
      'PORT 40002 established announced RETR completed',
    ])
  })

  it('three by EPSV and two by EPRT (ipv6)', () => {
    const session = sessionOf(atClientOverIpv6(''), (control) => {
      listing(control, { verb: 'EPSV', port: 50_001 })
      listing(control, { verb: 'EPSV', port: 50_002 })
      retrieve(control, { verb: 'EPSV', port: 50_003 })
      listing(control, { verb: 'EPRT', port: 40_001 })
      retrieve(control, { verb: 'EPRT', port: 40_002 })
      quit(control)
    })
    expect(channelsOf(session).map((channel) => channel.split(' ').slice(0, 3).join(' '))).toEqual([
      'EPSV 50001 established',
      'EPSV 50002 established',
      'EPSV 50003 established',
      'EPRT 40001 established',
      'EPRT 40002 established',
    ])
  })

  it('no announcement in a file name of six numbers', () => {
    const name = '192,168,1,10,195,80'
    const session = sessionOf(atClient(''), (control) => {
      retrieve(control, { path: name, port: 50_001, data: 300 })
      ask(control, `SIZE ${name}`, '213 300')
      ask(
        control,
        `STAT ${name}`,
        `213-Status of ${name}:\r\n-rw-r--r-- 1 1000 1000 300 Jan 30 08:02 ${name}\r\n213 End`,
      )
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PASV 50001 established announced RETR completed'])
    expect(session.dataChannels[0]!.transfer!.path).toBe(name)
  })

  it('multiline replies, whatever they contain (ipv6-multiline-reply)', () => {
    const at = atClientOverIpv6('')
    const control = openControl(at, { dialect: pureftpd })
    const lines = ['230-Welcome', ' 230 is no end, it is indented', '226 is another code', '', '230-still here']
    reply(control, pureftpd.greeting)
    ask(control, 'USER ftp', '331 Any password will do')
    ask(control, 'PASS x', `${lines.join('\r\n')}\r\n230 OK. Current directory is /`)
    listing(control, { verb: 'EPSV', port: 50_001 })
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(exchangesOf(session!)).toEqual(['- 220', 'USER 331', 'PASS 230', 'EPSV 229', 'LIST 150 226', 'QUIT 221'])
    expect(session!.exchanges[2]!.replies[0]!.text.split('\n')).toHaveLength(6)
  })

  it('the replies to commands that were all sent before the greeting, in order (fake-server-delays-all)', () => {
    const at = atServer('')
    const control = openControl(at)
    const commands = ['USER a', 'PASS b', 'SYST', 'FEAT', 'PWD', 'TYPE I', 'CWD /', 'NOOP']
    const codes = [331, 230, 215, 211, 257, 200, 250, 200]
    control.control.client(commands.map((line) => `${line}\r\n`).join(''))
    reply(control, '220 late', { think: 4000 })
    for (const code of codes) reply(control, `${code} answer`)
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    // Each exchange is at the position of its first frame.
    expect(exchangesOf(session!)).toEqual([
      ...commands.map((line, index) => `${line.split(' ')[0]!} ${codes[index]!}`),
      '- 220',
      'QUIT 221',
    ])
  })

  it('each of more pending commands than Zeek keeps', () => {
    const session = sessionOf(atServer(''), (control) => {
      control.control.client(Array.from({ length: 40 }, (_, index) => `CWD d${index}\r\n`).join(''))
      for (let index = 0; index < 40; index++) reply(control, index % 2 === 0 ? '250 ok' : '550 no such directory')
      quit(control)
    })
    const answers = session.exchanges.filter(({ command }) => command === 'CWD')
    expect(answers.map(({ argument, replies }) => `${argument!} ${replies.map(({ code }) => code).join()}`)).toEqual(
      Array.from({ length: 40 }, (_, index) => `d${index} ${index % 2 === 0 ? 250 : 550}`),
    )
  })

  it('a command beyond any length, what follows it, and a 227 without an address (fake-long-commands)', () => {
    const { sessions, capture } = analysisOf(atServer(''), (control) => {
      ask(control, `CWD ${'a'.repeat(70_000)}`, '550 too long')
      ask(control, 'PASV', '227 Entering Passive Mode')
      quit(control)
    })
    const [session] = sessions
    expect(exchangesOf(session!).slice(3)).toEqual(['CWD 550', 'PASV 227', 'QUIT 221'])
    expect(session!.exchanges[3]!.argument!.length).toBeLessThan(70_000)
    expect(capture.anomalies.map(({ kind }) => kind)).toContain('ftp-line-cut')
    expect(ids(session!)).toContain('announcement-malformed')
  })

  it.each([
    ['no number for a code', 'SYST not supported'],
    ['letters for a code', '2x0 ok'],
    ['no code', ' unknown command'],
    ['no space after the code', '200no blank'],
  ])('that a reply with %s breaks the rules, and the session goes on', (_, words) => {
    const { sessions, capture } = analysisOf(atServer(''), (control) => {
      ask(control, 'NOOP', words)
      ask(control, 'PWD', '257 "/"')
      quit(control)
    })
    expect(capture.anomalies.map(({ kind }) => kind)).toContain('ftp-reply-invalid')
    expect(exchangesOf(sessions[0]!).slice(-2)).toEqual(['PWD 257', 'QUIT 221'])
  })

  it('a rejected login, and never the password (ftp-password-pass-command)', () => {
    const at = atServer('')
    const control = openControl(at)
    reply(control, '220 ready')
    ask(control, 'USER alice', '331 Please specify the password.')
    ask(control, 'PASS PASS-secret-word', '530 Login incorrect.')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(session).toMatchObject({ user: 'alice', login: 'rejected', verdict: { cause: 'login-rejected' } })
    expect(JSON.stringify(session)).not.toContain('secret')
  })

  it('that hundreds of PORT commands name a third host, and that none is used (ftp-many-port-expected)', () => {
    const session = sessionOf(atServer(''), (control) => {
      for (let index = 0; index < 300; index++) port(control, 20_000 + index, { address: '192.0.2.77' })
      quit(control)
    })
    expect(session.dataChannels).toHaveLength(300)
    expect(new Set(session.dataChannels.map(({ state }) => state))).toEqual(new Set(['not-attempted']))
    expect(session.findings.find(({ id }) => id === 'port-bounce')?.message).toContain('192.0.2.77')
  })

  it('no SSH in a banner within FTP, no FTP in Telnet on port 21 (ipv6-violation, telnet-auth-missing-name)', () => {
    const ssh = sessionOf(atClientOverIpv6(''), (control) => {
      reply(control, 'SSH-2.0-OpenSSH_9.2')
      ask(control, 'PWD', '257 "/"')
      quit(control)
    })
    expect(ssh.login).toBe('accepted')
    expect(ids(ssh)).not.toContain('not-ftp')

    const at = atClient('')
    const { control } = openControl(at)
    control.server(Uint8Array.of(255, 253, 24, 255, 253, 32, 255, 253, 35, 255, 253, 39))
    control.client(Uint8Array.of(255, 251, 24, 255, 252, 32, 255, 252, 35, 255, 252, 39))
    control.server('Debian GNU/Linux 12\r\nhost login: ').client('root\r\n').server('Password: ').close('client')
    const { sessions, otherTraffic } = analyzed(at.scene.toPcap())
    expect(sessions).toEqual([])
    expect(otherTraffic).toMatchObject([{ protocol: 'Telnet' }])
  })

  it('TLS after AUTH on the same connection, and the RST of the server (ftp-auth-tls)', () => {
    const at = atClient('')
    const control = openControl(at)
    reply(control, '220 ready')
    ask(control, 'AUTH TLS', '234 AUTH TLS successful')
    control.control.client(clientHello()).server(serverFlight()).client(applicationData(50)).reset('server')
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(exchangesOf(session!)).toEqual(['- 220', 'AUTH 234'])
    expect(session).toMatchObject({ security: 'explicit-tls', control: { closedBy: 'reset-by-server' } })
  })
})

describe('What Zeek’s scripts forget is kept', () => {
  it('an announcement that is used after more than five minutes', () => {
    const at = atClient('')
    const session = sessionOf(at, (control) => {
      pasv(control, 50_005)
      at.scene.wait(400_000)
      list(control, dial(control, 50_005))
      port(control, 40_001)
      at.scene.wait(400_000)
      listBack(control, 40_001)
      quit(control)
    })
    expect(channelsOf(session)).toEqual([
      'PASV 50005 established announced LIST completed',
      'PORT 40001 established announced LIST completed',
    ])
  })

  it('an unused announcement', () => {
    const session = sessionOf(atClient(''), (control) => {
      pasv(control, 50_005)
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PASV 50005 not-attempted none'])
  })

  it.each([
    ['PORT', 'PORT 192,168,1,10,300,6', '501 Illegal PORT command.'],
    ['PASV', 'PASV', '227 Entering Passive Mode (203,0,113,20,195).'],
    ['EPRT', 'EPRT |1|192.168.1.10|99999|', '501 Illegal EPRT command.'],
  ])('that a %s cannot be read', (_, question, answer) => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, question, answer)
      quit(control)
    })
    expect(session.dataChannels).toHaveLength(1)
    expect(session.findings.find(({ id }) => id === 'announcement-malformed')?.evidence.length).toBeGreaterThan(0)
  })

  it('a PORT to a service, and an unannounced connection', () => {
    const session = sessionOf(atServer(''), (control) => {
      port(control, 25)
      command(control, 'LIST')
      reply(control, '425 Failed to establish connection.')
      quit(control)
    })
    expect(ids(session)).toContain('port-bounce')

    const at = atServer('')
    const [stranger] = analysisOf(at, (control) => {
      pasv(control, 50_005)
      const other = at.scene.host('192.0.2.99')
      at.scene.connect(other, 33_333, control.server, 50_005).server(LISTING).close('server')
      command(control, 'LIST')
      reply(control, '425 Bad IP connecting.')
      quit(control)
    }).sessions
    expect(ids(stranger!)).toContain('data-connection-hijack')
    expect(stranger!.dataChannels[0]!.from.address).toBe('192.0.2.99')
  })

  it('every command, LIST and USER and PASS among them', () => {
    const session = sessionOf(atClient(''), (control) => {
      listing(control)
      quit(control)
    })
    expect(exchangesOf(session)).toEqual(['- 220', 'USER 331', 'PASS 230', 'PASV 227', 'LIST 150 226', 'QUIT 221'])
  })

  it('a server that connects from another port than 20', () => {
    const session = sessionOf(atServer(''), (control) => {
      port(control, 40_001)
      command(control, 'LIST')
      const data = dialBack(control, 40_001, { fromPort: 60_020 })
      reply(control, '150 Here comes the directory listing.')
      data.client(LISTING).close('client')
      reply(control, '226 Directory send OK.')
      quit(control)
    })
    expect(session.dataChannels[0]).toMatchObject({ from: { port: 60_020 }, transfer: { bytes: LISTING.length } })
  })

  it('the pairing of replies that fit several commands', () => {
    const at = atServer('')
    const control = openControl(at)
    login(control)
    control.control.client('DELE a\r\nDELE b\r\nMKD c\r\nRMD c\r\nDELE d\r\n')
    reply(control, '250 a\r\n550 b\r\n257 "c"\r\n250 c\r\n250 d')
    quit(control)
    const [session] = analyzed(at.scene.toPcap()).sessions
    expect(
      session!.exchanges
        .slice(3, 8)
        .map(({ command, replies }) => `${command!} ${replies[0]!.code} ${replies[0]!.text}`),
    ).toEqual(['DELE 250 a', 'DELE 550 b', 'MKD 257 "c"', 'RMD 250 c', 'DELE 250 d'])
  })
})
