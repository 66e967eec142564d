/** The dialogues of Suricata's own FTP tests (suricata-verify), replayed, and what its parser and expectations miss. */
import { describe, expect, it } from 'vitest'
import {
  ask,
  command,
  dial,
  dialBack,
  epsv,
  eprt,
  hostPort,
  list,
  LISTING,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, openControl } from '../support/places.js'
import { analyzed } from '../property/essence.js'
import { channelsOf, exchangesOf, sessionOf } from './analysed.js'

const ids = (session: { findings: { id: string }[] }) => session.findings.map(({ id }) => id)
const UPLOADS = ['STOR f', 'APPE f', 'STOU']
const COMMANDS = [...UPLOADS, 'LIST', 'NLST', 'MLSD', 'RETR f']

/** A command with its data over a connection that is announced by `verb`. */
function transfer(control: FtpSession, verb: 'PASV' | 'EPSV' | 'PORT' | 'EPRT', words: string, dataPort: number): void {
  const upload = UPLOADS.includes(words)
  if (verb === 'PASV') pasv(control, dataPort)
  else if (verb === 'EPSV') epsv(control, dataPort)
  else if (verb === 'PORT') port(control, dataPort)
  else eprt(control, dataPort)
  command(control, words)
  const data = verb === 'PASV' || verb === 'EPSV' ? dial(control, dataPort) : dialBack(control, dataPort)
  reply(control, '150 Ok to send data.')
  const sender = upload ? control.client : control.server
  data.send(sender, LISTING).close(sender)
  reply(control, '226 Transfer complete.')
}

describe('As Suricata expects of its captures, ftpscope sees', () => {
  it.each([
    ['PASV', 'PORT', atClient],
    ['EPSV', 'EPRT', atClientOverIpv6],
  ] as const)('all seven data commands over %s and over %s (firewall 116 and 117)', (passive, active, place) => {
    const session = sessionOf(place(''), (control) => {
      for (const [index, words] of COMMANDS.entries()) transfer(control, passive, words, 50_001 + index)
      for (const [index, words] of COMMANDS.entries()) transfer(control, active, words, 40_001 + index)
      quit(control)
    })
    const verbs = COMMANDS.map((words) => words.split(' ')[0]!)
    expect(channelsOf(session)).toEqual([
      ...verbs.map((verb, index) => `${passive} ${50_001 + index} established announced ${verb} completed`),
      ...verbs.map((verb, index) => `${active} ${40_001 + index} established announced ${verb} completed`),
    ])
    expect(session.dataChannels.map(({ transfer }) => transfer!.direction)).toEqual(
      [...verbs, ...verbs].map((verb) =>
        ['LIST', 'NLST', 'MLSD'].includes(verb) ? 'listing' : verb === 'RETR' ? 'download' : 'upload',
      ),
    )
  })

  it('a bounce in one of two sessions (ftp-bounce)', () => {
    const at = atServer('')
    const plain = openControl(at, { clientPort: 52_000 })
    login(plain)
    port(plain, 40_001)
    quit(plain)
    const bounce = openControl(at, { clientPort: 53_000 })
    login(bounce)
    port(bounce, 80, { address: '2.2.2.3' })
    quit(bounce)
    const { sessions } = analyzed(at.scene.toPcap())
    expect(sessions.map((session) => ids(session).includes('port-bounce'))).toEqual([false, true])
  })

  it('one announcement where PORT is retransmitted (bug-3519)', () => {
    const at = atServer('')
    const session = sessionOf(at, (control) => {
      command(control, `PORT ${hostPort(at.client.address, 40_001)}`)
      control.control.retransmit('client', 1, { think: 300 })
      reply(control, '200 PORT command successful.')
      listBackAfter(control, 40_001)
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PORT 40001 established announced LIST completed'])
    expect(exchangesOf(session).filter((words) => words.startsWith('PORT'))).toEqual(['PORT 200'])
  })

  it('a session that continues after a command that is too long (ftp-too-long-command)', () => {
    const session = sessionOf(atServer(''), (control) => {
      ask(control, `RETR ${'x'.repeat(6000)}`, '500 Command too long')
      pasv(control, 50_005)
      list(control, dial(control, 50_005))
      quit(control)
    })
    expect(exchangesOf(session).slice(3)).toEqual(['RETR 500', 'PASV 227', 'LIST 150 226', 'QUIT 221'])
    expect(session.dataChannels.map(({ state }) => state)).toContain('established')
  })

  it('no greeting if the server closes at once, whether or not the client sent QUIT (ftp-quit)', () => {
    for (const words of ['', 'QUIT\r\n']) {
      const at = atClient('')
      const { control } = openControl(at)
      if (words !== '') control.client(words)
      control.close('server')
      const [session] = analyzed(at.scene.toPcap()).sessions
      expect(session!.exchanges.flatMap(({ replies }) => replies)).toEqual([])
      expect(session!.verdict).toMatchObject(
        words === '' ? { outcome: 'failed', cause: 'greeting-missing' } : { outcome: 'undetermined', cause: null },
      )
    }
  })

  it('a 425 to RETR without PORT (ftp-retr-bypass-realserver)', () => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'RETR f', '425 Use PORT or PASV first.')
      quit(control)
    })
    expect(session.verdict).toMatchObject({ outcome: 'failed', cause: 'data-setup-missing' })
    expect(channelsOf(session)).toEqual(['- - not-attempted none RETR failed'])
  })

  it('68 bytes by EPSV in pcapng with nanoseconds (ftp-md5)', () => {
    const at = atClient('')
    const control = openControl(at)
    login(control)
    retrieve(control, { verb: 'EPSV', path: 'eicar.com', data: 68 })
    quit(control)
    const { sessions, capture } = analyzed(at.scene.toPcapng({ nanosecond: true }))
    expect(capture.files[0]).toMatchObject({ format: 'pcapng', complete: true })
    expect(sessions[0]!.dataChannels[0]!.transfer).toMatchObject({ bytes: 68, expectedBytes: 68, outcome: 'completed' })
    expect(sessions[0]!.exchanges[0]!.time).toMatch(/\.\d{9}Z$/)
  })
})

function listBackAfter(control: FtpSession, clientPort: number): void {
  command(control, 'LIST')
  const data = dialBack(control, clientPort)
  reply(control, '150 Here comes the directory listing.')
  data.client(LISTING).close('client')
  reply(control, '226 Directory send OK.')
}

describe('What Suricata’s parser misreads is read correctly', () => {
  it.each(['MLST LIST.txt', 'STAT RETR', 'SITE PASV', 'CWD PORT 1,2,3,4,5,6', 'SIZE STOR', 'HELP EPSV'])(
    '%s, whose argument contains a verb',
    (words) => {
      const session = sessionOf(atClient(''), (control) => {
        ask(control, words, '250 ok')
        quit(control)
      })
      expect(exchangesOf(session)[3]).toBe(`${words.split(' ')[0]!} 250`)
      expect(session.dataChannels).toEqual([])
    },
  )

  it('the replies to FEAT and OPTS as theirs', () => {
    const session = sessionOf(atClient(''), (control) => {
      ask(control, 'FEAT', '211-Features:\r\n EPSV\r\n PASV\r\n227 is a line in it\r\n211 End')
      ask(control, 'OPTS UTF8 ON', '200 Always in UTF8 mode.')
      ask(control, 'PWD', '257 "/"')
      quit(control)
    })
    expect(exchangesOf(session).slice(3)).toEqual(['FEAT 211', 'OPTS 200', 'PWD 257', 'QUIT 221'])
    expect(session.dataChannels).toEqual([])
  })

  it('pipelined commands, each with its own reply', () => {
    const session = sessionOf(atClient(''), (control) => {
      control.control.client('CWD a\r\nTYPE I\r\nSIZE f\r\nMDTM f\r\n')
      reply(control, '250 a\r\n200 type\r\n213 5\r\n213 20240101000000')
      quit(control)
    })
    expect(exchangesOf(session).slice(3, 7)).toEqual(['CWD 250', 'TYPE 200', 'SIZE 213', 'MDTM 213'])
  })
})

describe('What Suricata’s expectations lose is found', () => {
  it('a refused PORT, which creates no expectation', () => {
    const session = sessionOf(atServer(''), (control) => {
      port(control, 40_001, { reply: '500 Illegal PORT command.' })
      pasv(control, 50_005)
      list(control, dial(control, 50_005))
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PORT 40001 rejected none', 'PASV 50005 established announced LIST completed'])
  })

  it('a connection that opens more than thirty seconds after its announcement', () => {
    const at = atClient('')
    const session = sessionOf(at, (control) => {
      pasv(control, 50_005)
      at.scene.wait(45_000)
      list(control, dial(control, 50_005))
      quit(control)
    })
    expect(channelsOf(session)).toEqual(['PASV 50005 established announced LIST completed'])
  })

  it('more than ten pending announcements between two hosts', () => {
    const at = atClient('')
    const sessions = Array.from({ length: 15 }, (_, index) => openControl(at, { clientPort: 52_000 + 10 * index }))
    for (const session of sessions) login(session)
    for (const [index, session] of sessions.entries()) pasv(session, 50_001 + index)
    for (const [index, session] of sessions.entries()) list(session, dial(session, 50_001 + index))
    for (const session of sessions) quit(session)
    const found = analyzed(at.scene.toPcap()).sessions
    expect(found.flatMap(channelsOf)).toEqual(
      sessions.map((_, index) => `PASV ${50_001 + index} established announced LIST completed`),
    )
  })

  it('a connection from another address than that of the control connection', () => {
    const at = atServer('')
    const session = sessionOf(at, (control) => {
      pasv(control, 50_005)
      const other = at.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 })
      list(control, at.scene.connect(other, 33_333, control.server, 50_005))
      quit(control)
    })
    expect(session.dataChannels).toMatchObject([
      {
        state: 'established',
        match: 'announced',
        from: { address: '198.51.100.8' },
        transfer: { outcome: 'completed' },
      },
    ])
  })
})
