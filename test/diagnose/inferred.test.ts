import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/diagnose/judge.js'
import { findingMessage } from '../../src/diagnose/words/finding.js'
import { verdictSentence } from '../../src/diagnose/words/verdict.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import { dial, dialInVain, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atServer, type Place } from '../support/places.js'
import { clientFinish12, clientHello12, closeNotify12, line12, serverFlight12 } from '../support/tls12-records.js'
import { spoken } from './played.js'
import { greet, LOGIN, secure12, secure13, talk12, talk13 } from './secured.js'

/** Lengths of USER and PASS with vsftpd's replies, and of its `530 Login incorrect.` */
const USER = [12, 34] as const
const REFUSED = [17, 22] as const
const QUIT = [6, 14] as const
/** `200 Switching to Binary mode.` */
const BINARY = [8, 31] as const

const judged = (place: Place, play: (session: FtpSession) => void) => judge(spoken(place, play))

describe('a finding on what TLS hides', () => {
  it('is made by the rule on what was said, and says that nobody read it', () => {
    const judgement = judged(atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, USER, REFUSED, QUIT)
      session.control.close('client')
    })
    const [found] = judgement.findings
    expect(found).toMatchObject({ id: 'login-rejected', fact: { inferred: true, refusals: 1, unnamed: false } })
    expect(found!.evidence[0]).toMatchObject({ note: 'inferred from the length of its record' })
    const sentence = verdictSentence(judgement)
    expect(sentence).toContain('"530 Login incorrect."')
    expect(sentence).toContain('inferred from the lengths of its records, not read')
  })

  it('is not made of a login that was accepted', () => {
    const { findings, session } = judged(atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN, QUIT)
      session.control.close('client')
    })
    expect(findings.map(({ id }) => id)).not.toContain('login-rejected')
    expect(session.inferred!.inference.records.map(({ command, code }) => command ?? code)).toEqual([
      ...['USER', 331, 'PASS', 230, 'PBSZ', 200, 'PROT', 200, 'QUIT', 221],
    ])
  })

  it('leaves what was read as it is: exchanges have nothing of it', () => {
    const { session } = judged(atServer(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN)
    })
    expect(session.dialogue.exchanges.map(({ command }) => command)).toEqual([null, 'AUTH'])
    expect(session.dialogue.login).toBe('unknown')
  })

  it('names what was inferred beside a data connection that failed', () => {
    const { findings } = judged(atClient(''), (session) => {
      greet(session)
      secure12(session)
      talk12(session, ...LOGIN, [6, 50])
      dialInVain(session, 50_005)
    })
    const found = findings.find(({ id }) => id === 'tls-hides-announcement')
    expect(found?.evidence.map(({ note }) => note)).toContain('227, inferred from its length (50 bytes)')
  })

  it('excludes the address of the server by the length of the 227 alone, and says which fit', () => {
    const { findings } = judged(atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, BINARY, [6, 53])
      session.scene.wait(20_000)
      talk13(session, QUIT)
      session.control.close('client')
    })
    const [found] = findings
    expect(found).toMatchObject({
      id: 'passive-private-address',
      fact: { kind: 'excluded', inferred: true, address: null, characters: { least: 14, most: 15 } },
    })
    expect(findingMessage(found!)).toContain('192.168.x.x')
    // Its weaker form would say no more.
    expect(findings.map(({ id }) => id)).not.toContain('tls-hides-announcement')
  })

  it('does not exclude an address that fits', () => {
    const { findings } = judged(atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, BINARY, [6, 50])
      session.scene.wait(20_000)
      talk13(session, QUIT)
      session.control.close('client')
    })
    expect(findings.map(({ id }) => id)).not.toContain('passive-private-address')
  })

  it('tells both apart in the committed captures', () => {
    const found = (name: string) =>
      analyzeFile(join(ROOT, 'samples/made', `${name}.pcap`)).sessions.flatMap(({ findings }) =>
        findings.filter(({ id }) => id === 'passive-private-address'),
      )
    expect(found('passive-private-address--length')).toMatchObject([
      { confidence: 'low', facts: { kind: 'excluded', inferred: true, address: null } },
    ])
    expect(found('passive-private-address--length-silent')).toEqual([])
  })

  it('takes close_notify that is missing for the cause of a refused upload, whose reply was inferred', () => {
    const upload = (end: Uint8Array | null) =>
      judged(atClient(''), (session) => {
        reply(session, '220 ProFTPD 1.3.8 Server (Debian) [203.0.113.20]', { think: 3 })
        secure12(session)
        say(session, 'USER alice', '331 Password required for alice')
        say(session, 'PASS wonderland', '230 User alice logged in')
        say(session, 'PBSZ 0', '200 PBSZ 0 successful')
        say(session, 'PROT P', '200 Protection set to Private')
        say(session, 'TYPE I', '200 Type set to I')
        say(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,85).')
        const data = dial(session, 50_005)
        say(session, 'STOR up.bin', '150 Opening BINARY mode data connection for up.bin')
        data.client(clientHello12({ resumes: true })).server(serverFlight12({ resumed: true }))
        data.client(clientFinish12({ resumed: true })).client(line12(3000))
        if (end) data.client(end)
        data.close('client')
        session.control.server(line12('426 Transfer aborted. Data connection closed\r\n'.length))
        say(session, 'QUIT', '221 Goodbye.')
        session.control.close('client')
      })
    const { findings, verdict } = upload(null)
    const found = findings.find(({ id }) => id === 'tls-close-missing')
    expect(found).toMatchObject({
      fact: { kind: 'fin-without-close-notify', inferred: true, sender: 'client', reply: { code: 426 } },
    })
    expect(verdict.cause?.id).toBe('tls-close-missing')
    expect(upload(closeNotify12()).findings.map(({ id }) => id)).not.toContain('tls-close-missing')
  })
})

/** A command and its reply under TLS, by the lengths of their lines. */
function say(session: FtpSession, command: string, answer: string): void {
  talk12(session, [command.length + 2, answer.length + 2])
}
