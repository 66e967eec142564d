/** Refusals whose words decide what to advise, and findings that quote them. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/diagnose/judge.js'
import { activePrivateAddress } from '../../src/diagnose/rules/active/active-private-address.js'
import { commandUnanswered } from '../../src/diagnose/rules/control/command-unanswered.js'
import { loginRejected } from '../../src/diagnose/rules/control/login-rejected.js'
import { tlsSessionReuseRequired } from '../../src/diagnose/rules/ftps/tls-session-reuse-required.js'
import { announcementMalformed } from '../../src/diagnose/rules/passive/announcement-malformed.js'
import { passiveRejected } from '../../src/diagnose/rules/passive/passive-rejected.js'
import { transferIncomplete } from '../../src/diagnose/rules/transfers/transfer-incomplete.js'
import { transferRefused } from '../../src/diagnose/rules/transfers/transfer-refused.js'
import { ask, command, dial, type FtpSession, pasv, quit, reply, store } from '../support/ftp-scene.js'
import { atClient, type Place } from '../support/places.js'
import { leave, observed, played, says } from './played.js'
import { dial12, greet, LOGIN, secure12, talk12 } from './secured.js'

const asks =
  (...exchanged: readonly (readonly [string, string])[]) =>
  (session: FtpSession) => {
    for (const [line, answer] of exchanged) ask(session, line, answer)
    quit(session)
  }

describe('passive-rejected', () => {
  const rejected = (...exchanged: readonly (readonly [string, string])[]) =>
    observed(passiveRejected, atClient(''), asks(...exchanged))

  it('advises EPSV, not a setting of the server, to a client that sends PASV after EPSV ALL', () => {
    const [found] = rejected(['EPSV ALL', '200 EPSV ALL ok'], ['PASV', '501 PASV not allowed after EPSV ALL'])
    expect(found).toMatchObject({ side: 'client', fact: { kind: 'after-epsv-all' } })
    expect(found?.message).toContain('EPSV ALL')
    expect(found?.remedy.join()).not.toMatch(/pasv_enable|active mode/)
  })

  it.each([
    '421 No free passive port available',
    '500 PASV unable to listen, try again later',
    '500 Could not listen for passive connection',
    '550 All passive ports are in use.',
    '500 No available ports',
  ])('advises a wider range where the server has no port left: %s', (answer) => {
    const [found] = rejected(['PASV', answer])
    expect(found?.fact.kind).toBe('temporary')
    expect(found?.remedy[0]).toContain('pasv_min_port')
  })

  it('leaves other words of a 421 to service-unavailable', () => {
    expect(rejected(['PASV', '421 Service not available.'])).toEqual([])
  })
})

describe('what the server said', () => {
  it('is quoted of a malformed 227', () => {
    const [found] = observed(announcementMalformed, atClient(''), asks(['PASV', '227 Entering Passive Mode (']))
    expect(found?.message).toContain('in reply to PASV, "227 Entering Passive Mode ("')
  })

  it('is quoted of a PORT with a private address that it refused', () => {
    const [found] = observed(
      activePrivateAddress,
      atClient(''),
      asks(['PORT 192,168,1,10,204,5', '500 Illegal PORT command.']),
    )
    expect(found?.message).toContain('the server refused it: "500 Illegal PORT command."')
  })

  it('names a list that it cannot read, not the directory of the user', () => {
    const [found] = says(loginRejected, atClient(''), (session) => {
      greet(session)
      ask(session, 'USER alice', session.dialect.needPassword('alice'))
      ask(session, 'PASS x', '500 OOPS: could not read chroot() list file:/etc/vsftpd.chroot_list')
      session.control.close('server')
    })
    expect(found?.remedy.join()).toContain('vsftpd.conf')
  })

  it.each([
    '425 Unable to build data connection: Operation not permitted',
    '425 TLS session of data connection not resumed.',
  ])('is about session reuse: %s', (answer) => {
    const [found] = says(tlsSessionReuseRequired, atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN)
      pasv(session, 50_005)
      command(session, 'LIST')
      dial12(session, 50_005).close('server')
      reply(session, answer)
      quit(session)
    })
    expect(found?.fact.kind).toBe('refused-in-words')
  })
})

describe('what to do instead', () => {
  const uploaded = (place: Place, answer: string) =>
    observed(transferIncomplete, place, (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR a.exe', '150 Ok to send data.')
      data.client(50_000).close('client')
      reply(session, answer)
      quit(session)
    })

  it('is not the same upload again where the server refused the file for good', () => {
    const [found] = uploaded(atClient(''), '550 File rejected: virus found')
    expect(found?.remedy[0]).toContain('remove the reason that the reply names')
    expect(uploaded(atClient(''), '451 Local error in processing.')[0]?.remedy[0]).toMatch(/^retry/)
  })

  it('is LIST where the server lacks MLSD', () => {
    const [found] = observed(transferRefused, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'MLSD', '500 Unknown command.')
      data.close('client')
      leave(session)
    })
    expect(found?.remedy[0]).toContain('list with LIST')
  })

  it('is to leave out an extension on which the server is silent', () => {
    const silent = (line: string) =>
      observed(commandUnanswered, atClient(''), (session) => {
        command(session, line)
        session.scene.wait(60_000)
        leave(session)
      })[0]?.remedy[0]
    expect(silent('OPTS UTF8 ON')).toContain('do without OPTS')
    expect(silent('CWD a')).not.toContain('do without')
  })
})

describe('MDTM with a time', () => {
  it('is no loss to a client that stored the file', () => {
    const verdictOf = (line: string) =>
      judge(
        played(atClient(''), (session) => {
          store(session)
          asks([line, '550 Could not get file modification time.'])(session)
        }),
      ).verdict.outcome
    expect(verdictOf('MDTM 20240101000000 report.bin')).toBe('ok')
    expect(verdictOf('MDTM report.bin')).toBe('degraded')
  })
})
