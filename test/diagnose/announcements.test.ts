import { describe, expect, it } from 'vitest'
import { announcementFamilyMismatch } from '../../src/diagnose/rules/passive/announcement-family-mismatch.js'
import { announcementMalformed } from '../../src/diagnose/rules/passive/announcement-malformed.js'
import { ask, command, dialInVain, listing, pasv, quit, type FtpSession } from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6 } from '../support/places.js'
import { leave, observed } from './played.js'

describe('announcement-family-mismatch', () => {
  const otherReply = (play: (session: FtpSession) => void) =>
    observed(announcementFamilyMismatch, atClient(''), (session) => {
      ask(session, 'PASV', '229 Entering Extended Passive Mode (|||50005|)')
      play(session)
      leave(session)
    })

  it('tells a 227 over IPv6 from the reply to another verb', () => {
    const [family] = observed(announcementFamilyMismatch, atClientOverIpv6(''), (session) => {
      ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,195,85).')
      leave(session)
    })
    expect(family?.fact).toEqual({ kind: 'ipv4-over-ipv6', verb: 'PASV', code: 227, unusedNs: null })
    const [kind] = otherReply(() => undefined)
    expect(kind?.fact).toMatchObject({ kind: 'other-reply', verb: 'PASV', code: 229 })
    expect(kind?.evidence[0].note).toContain('to PASV)')
  })

  it('does harm where the data connection or the transfer failed', () => {
    const [unused] = otherReply(() => undefined)
    const [lost] = otherReply((session) => {
      dialInVain(session, 50_005)
    })
    const [failed] = otherReply((session) => {
      ask(session, 'LIST', '425 No data connection.')
    })
    expect([unused, lost, failed].map((found) => found?.harmless)).toEqual([false, false, false])
  })

  it('says nothing of a reply to the verb, or of a refusal', () => {
    const found = observed(announcementFamilyMismatch, atClient(''), (session) => {
      ask(session, 'PASV', '502 No.')
      pasv(session, 50_005)
      leave(session)
    })
    expect(found).toEqual([])
  })
})

describe('announcement-malformed', () => {
  const BROKEN = 'PORT 192,168,1,10,300,76'

  it('blames who wrote the words, and shows what came of them', () => {
    const [client] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '501 Syntax error.')
      leave(session)
    })
    expect(client).toMatchObject({ side: 'client', severity: 'error', fact: { kind: 'malformed', by: 'client' } })
    expect(client?.fact).toMatchObject({ reason: 'octet 300 is larger than 255' })
    expect(client?.remedy[0]).toContain('update the client')
    const [server] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, 'PASV', '227 Entering Passive Mode (203,0,113,20,300,85).')
      ask(session, 'LIST', '425 Use PORT or PASV first.')
      leave(session)
    })
    expect(server).toMatchObject({ side: 'server', severity: 'error', fact: { by: 'server' } })
    expect(server?.evidence.map(({ note }) => note)).toContain('425 Use PORT or PASV first.')
    expect(server?.remedy[0]).toContain('update the server')
  })

  it('warns only where nothing was lost by them, or another attempt worked', () => {
    const severity = (...lines: readonly (readonly [string, string])[]) =>
      observed(announcementMalformed, atClient(''), (session) => {
        for (const [line, answer] of lines) ask(session, line, answer)
        leave(session)
      })[0]?.severity
    expect(severity([BROKEN, '200 Ok.'])).toBe('warning')
    expect(severity([BROKEN, '200 Ok.'], ['LIST', '226 Done.'])).toBe('warning')
    expect(severity([BROKEN, '200 Ok.'], ['LIST', '425 No.'])).toBe('error')
    const [good] = observed(announcementMalformed, atClient(''), (session) => {
      ask(session, BROKEN, '501 Syntax error.')
      listing(session)
      quit(session)
    })
    expect(good?.severity).toBe('warning')
  })

  it('says nothing of words that can be read, or of a passive verb that was not answered', () => {
    const found = observed(announcementMalformed, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'PASV')
      leave(session)
    })
    expect(found).toEqual([])
  })
})
