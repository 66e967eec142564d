import { describe, expect, it } from 'vitest'
import { tlsCommandInjection } from '../../src/diagnose/rules/security/tls-command-injection.js'
import { tlsDowngrade } from '../../src/diagnose/rules/security/tls-downgrade.js'
import { ask, command, dial, quit, reply } from '../support/ftp-scene.js'
import { atClient, atServer } from '../support/places.js'
import { says } from './played.js'
import { greet, LOGIN, PASV, secure13, talk13 } from './secured.js'

describe('tls-command-injection', () => {
  it('tells commands in the segment of AUTH from those that only came before the handshake', () => {
    const [same] = says(tlsCommandInjection, atServer(''), (session) => {
      greet(session)
      session.control.client('AUTH TLS\r\nUSER mallory\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(same).toMatchObject({ side: 'client', confidence: 'high' })
    expect(same?.message).toContain('a command came in clear text, in the same segment: "USER mallory"')
    const [apart] = says(tlsCommandInjection, atServer(''), (session) => {
      greet(session)
      command(session, 'AUTH TLS')
      session.control.client('USER mallory\r\nPASS x\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(apart?.confidence).toBe('medium')
    expect(apart?.message).toContain('2 commands came in clear text: "USER mallory"')
  })

  it('speaks of the software of the server only where it is known', () => {
    const [found] = says(tlsCommandInjection, atServer(''), (session) => {
      reply(session, '220 Welcome.')
      session.control.client('AUTH TLS\r\nUSER mallory\r\n')
      reply(session, '234 Proceed with negotiation.')
      session.control.reset('server')
    })
    expect(found?.remedy?.[0]).toContain('on the server (its software)')
  })
})

describe('tls-downgrade', () => {
  it('warns of PROT C, with the words where CCC lets them be read', () => {
    const found = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT C', '200 PROT now Clear.')
      quit(session)
    })
    expect(found.map(({ message }) => message)).toEqual([
      'The session is under TLS, and PROT C leaves its data connections in clear text.',
      expect.stringContaining('returned from TLS to clear text (CCC)'),
    ])
    expect(found[0]?.evidence.map(({ note }) => note)).toEqual(['PROT C', '200 PROT now Clear.'])
  })

  it('does not mind a PROT C that the server refused', () => {
    const found = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN)
      ask(session, 'PROT C', '534 Policy requires protected data.')
      quit(session)
    })
    expect(found.map(({ severity }) => severity)).toEqual(['info'])
  })

  it('sees a file in clear text beside a control connection under TLS', () => {
    const [found] = says(tlsDowngrade, atClient(''), (session) => {
      greet(session)
      secure13(session)
      talk13(session, ...LOGIN, PASV)
      dial(session, 50_005).server('plain words\r\n'.repeat(20)).close('server')
      session.control.close('client')
    })
    expect(found?.message).toContain('a data connection carries clear text')
    expect(found?.evidence.map(({ note }) => note)).toContain('control connection under TLS from here')
  })
})
