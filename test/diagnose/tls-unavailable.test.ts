import { describe, expect, it } from 'vitest'
import { tlsUnavailable } from '../../src/diagnose/rules/control/tls-unavailable.js'
import { ask, type FtpSession, listing } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { says } from './played.js'
import { greet } from './secured.js'

const AUTH = ['AUTH TLS', '502 Command not implemented.'] as const

function refused(...lines: readonly (readonly [string, string])[]): (session: FtpSession) => void {
  return (session) => {
    greet(session)
    for (const [command, answer] of lines) ask(session, command, answer)
    session.control.close('client')
  }
}

describe('tls-unavailable', () => {
  const found = (...lines: readonly (readonly [string, string])[]) =>
    says(tlsUnavailable, atClient(''), refused(...lines))

  it('reports a client that leaves after each AUTH was refused', () => {
    const [finding] = found(AUTH, ['AUTH SSL', '502 Command not implemented.'])
    expect(finding).toMatchObject({
      fact: { kind: 'not-offered', command: { command: 'AUTH' }, otherMechanism: false, endedBy: 'client' },
      confidence: 'high',
    })
    expect(finding?.evidence.map(({ note }) => note)).toEqual([
      '502 Command not implemented.',
      'AUTH TLS',
      'AUTH SSL',
      'the client closes the connection without a login',
    ])
  })

  it('distinguishes a set-up that is at fault, and a mechanism other than TLS', () => {
    const kindOf = (command: string, answer: string) => found([command, answer])[0]?.fact
    expect(kindOf('AUTH TLS', '431 Could not initialize SSL connection')).toMatchObject({ kind: 'set-up' })
    expect(kindOf('AUTH TLS', '534 Local policy on server does not allow TLS secure connections.')).toMatchObject({
      kind: 'set-up',
    })
    expect(kindOf('AUTH TLS', '530 Please login with USER and PASS.')).toMatchObject({ kind: 'not-offered' })
    expect(kindOf('AUTH SSL', '504 Unknown AUTH type.')).toMatchObject({ otherMechanism: true })
  })

  it('says nothing of a client that logs in without TLS, or of a capture that ends before the client leaves', () => {
    const LOGIN = [
      ['USER alice', '331 Password required'],
      ['PASS wonderland', '230 Logged in'],
    ] as const
    expect(found(AUTH, ...LOGIN)).toEqual([])
    expect(found(AUTH, ['USER alice', '550 SSL/TLS required on the control channel'])).toEqual([])
    const listed = says(tlsUnavailable, atClient(''), (session) => {
      refused(AUTH, ...LOGIN)(session)
      listing(session)
    })
    expect(listed).toEqual([])
    const open = says(tlsUnavailable, atClient(''), (session) => {
      greet(session)
      ask(session, ...AUTH)
    })
    expect(open).toEqual([])
  })
})
