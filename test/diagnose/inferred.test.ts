import { describe, expect, it } from 'vitest'
import { judge } from '../../src/diagnose/judge.js'
import { findingMessage } from '../../src/diagnose/words/finding.js'
import { verdictSentence } from '../../src/diagnose/words/verdict.js'
import { dialInVain, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atServer, type Place } from '../support/places.js'
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
})
