import { describe, expect, it } from 'vitest'
import { type Analysis, Analyzer } from '../../src/index.js'
import { ask, command, type FtpSession, quit, reply } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'

const TOKEN = 'YIIBbgYJKoZIhvcSAQICAQBuggFdMIIBWaADAgEFoQMCAQ6iBwMFACAAAACj'

function played(script: (session: FtpSession) => void): Analysis {
  const place = atClient('')
  const session = openControl(place)
  script(session)
  const analyzer = new Analyzer()
  analyzer.openFile('scene.pcap')
  analyzer.push(place.scene.toPcap())
  analyzer.closeFile()
  return analyzer.end()
}

function authenticate(session: FtpSession): void {
  reply(session, '220 Ready')
  ask(session, 'AUTH GSSAPI', '334 Using authentication type GSSAPI; ADAT must follow')
  ask(session, `ADAT ${TOKEN}`, `335 ADAT=${TOKEN}`)
  ask(session, `ADAT ${TOKEN}`, `235 ADAT=${TOKEN}`)
}

const wrapped = (session: FtpSession, verb: 'MIC' | 'CONF' | 'ENC', code = 632) => {
  ask(session, `${verb} ${TOKEN}`, `${code} ${TOKEN}`)
}
const severe = ({ sessions }: Analysis) =>
  sessions.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'info').map(({ id }) => id))

describe('A session under GSSAPI', () => {
  it.each([
    ['MIC', 631],
    ['CONF', 633],
    ['ENC', 632],
  ] as const)('with %s is protected like one under TLS, and worked if its data arrived', (verb, code) => {
    const analysis = played((session) => {
      authenticate(session)
      for (let exchange = 0; exchange < 5; exchange++) wrapped(session, verb, code)
      const data = session.scene.connect(session.client, 52_300, session.server, 50_001)
      data.server(5000).close('server')
      wrapped(session, verb, code)
      wrapped(session, verb, code)
      session.control.close('client')
    })
    expect(analysis.sessions).toMatchObject([
      {
        login: 'accepted',
        security: 'gssapi',
        verdict: { outcome: 'ok' },
        transfers: { hidden: { opened: 1, carriedData: 1, bytesFromServer: 5000 } },
      },
    ])
    expect(analysis.sessions[0]?.verdict.sentence).toContain('login accepted, under GSSAPI')
    expect(severe(analysis)).toEqual([])
  })

  it('that the capture shows from its middle is protected as well', () => {
    const analysis = played((session) => {
      authenticate(session)
      for (let exchange = 0; exchange < 3; exchange++) wrapped(session, 'ENC')
      session.control.close('client')
      session.scene.drop((_, index) => index < 14)
    })
    expect(analysis.sessions).toMatchObject([{ security: 'gssapi', verdict: { outcome: 'undetermined' } }])
    expect(severe(analysis)).toEqual(['capture-starts-inside'])
  })

  it('whose data connection fails has a firewall that cannot read the announcement', () => {
    const analysis = played((session) => {
      authenticate(session)
      for (let exchange = 0; exchange < 4; exchange++) wrapped(session, 'ENC')
      session.scene.syn(session.client, 52_300, session.server, 50_001)
      wrapped(session, 'ENC')
      session.control.close('client')
    })
    const [session] = analysis.sessions
    expect(session?.verdict).toMatchObject({ outcome: 'failed', cause: 'tls-hides-announcement' })
    expect(session?.verdict.sentence).toContain('under GSSAPI')
  })

  it('whose user is refused in clear text has no login', () => {
    const analysis = played((session) => {
      authenticate(session)
      ask(session, 'USER alice', '530 User alice may not use FTP.')
      quit(session)
    })
    expect(analysis.sessions).toMatchObject([{ login: 'rejected', verdict: { cause: 'login-rejected' } }])
  })

  it('whose user needs no password is logged in by 232', () => {
    const analysis = played((session) => {
      authenticate(session)
      ask(session, 'USER alice', '232 User alice logged in, authorized by security data exchange.')
      ask(session, 'PWD', '257 "/"')
      quit(session)
    })
    expect(analysis.sessions).toMatchObject([{ login: 'accepted', user: 'alice', verdict: { outcome: 'ok' } }])
    expect(severe(analysis)).toEqual([])
  })
})

describe('GSSAPI that the server does not have', () => {
  it.each([
    '504 Unknown security mechanism.',
    '530 Please login with USER and PASS.',
    '502 What?',
    '500 AUTH?',
    '534 No.',
  ])('is a habit where a login by password follows: %s', (refusal) => {
    const analysis = played((session) => {
      reply(session, '220 Ready')
      ask(session, 'AUTH GSSAPI', refusal)
      ask(session, 'AUTH KERBEROS_V4', refusal)
      ask(session, 'USER alice', '331 Password please.')
      ask(session, 'PASS x', '230 Logged in.')
      ask(session, 'PWD', '257 "/"')
      quit(session)
    })
    expect(analysis.sessions).toMatchObject([{ login: 'accepted', security: 'none', verdict: { outcome: 'ok' } }])
    expect(severe(analysis)).toEqual(['cleartext-credentials'])
  })

  it('is a habit, too, if the exchange itself fails', () => {
    const analysis = played((session) => {
      reply(session, '220 Ready')
      ask(session, 'AUTH GSSAPI', '334 ADAT must follow')
      ask(session, `ADAT ${TOKEN}`, '535 accepting context: Wrong principal in request')
      ask(session, 'USER alice', '331 Password please.')
      ask(session, 'PASS x', '230 Logged in.')
      quit(session)
    })
    expect(analysis.sessions).toMatchObject([{ login: 'accepted', verdict: { outcome: 'ok' } }])
  })

  it('ends the session of a client that wants nothing else', () => {
    const refused = played((session) => {
      reply(session, '220 Ready')
      ask(session, 'AUTH GSSAPI', '504 Unknown security mechanism.')
      quit(session)
    })
    expect(refused.sessions[0]?.findings[0]).toMatchObject({ id: 'tls-unavailable', title: 'server refuses GSSAPI' })
    const failed = played((session) => {
      reply(session, '220 Ready')
      ask(session, 'AUTH GSSAPI', '334 ADAT must follow')
      ask(session, `ADAT ${TOKEN}`, '535 accepting context: Wrong principal in request')
      command(session, 'QUIT')
      reply(session, '221 Bye')
      session.control.close('server')
    })
    expect(failed.sessions[0]?.verdict).toMatchObject({ outcome: 'failed', cause: 'login-rejected' })
    expect(failed.sessions[0]?.findings[0]?.remedy.join()).toContain('klist')
  })
})
