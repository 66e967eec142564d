import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { cleartextCredentials } from '../../src/diagnose/rules/security/cleartext-credentials.js'
import { portBounce } from '../../src/diagnose/rules/security/port-bounce.js'
import { SessionBuilder } from './session-builder.js'

describe('cleartext-credentials', () => {
  it('names the user and never the password', () => {
    const found = observe(cleartextCredentials, new SessionBuilder().handshake().login().judged())
    expect(found[0]?.message).toContain('"alice"')
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })

  it('is information only for an anonymous user', () => {
    const builder = new SessionBuilder().handshake().login()
    builder.dialogue.anonymous = true
    expect(observe(cleartextCredentials, builder.judged())[0]?.severity).toBe('info')
  })

  it('says nothing of words that were captured under TLS', () => {
    const builder = new SessionBuilder().handshake()
    builder.dialogue.opaqueFrom = { frame: 4, time: 0.05e9 }
    expect(observe(cleartextCredentials, builder.login().judged())).toEqual([])
  })
})

describe('port-bounce', () => {
  const announcing = (client: string, address: string, port: number, accepted = true) => {
    const builder = new SessionBuilder({ client }).handshake().login()
    builder.command(1, 'PORT …').reply(1.1, accepted ? '200 PORT command successful.' : '500 Illegal PORT command.')
    return builder.announces(address, port, { accepted }).judged()
  }

  it('is sure of a third host and a port of a service, refused or not', () => {
    for (const accepted of [true, false]) {
      const [found] = observe(portBounce, announcing('198.51.100.7', '203.0.113.99', 25, accepted))
      expect(found?.confidence).toBe('high')
      expect(found?.message).toContain(accepted ? 'the server accepted' : 'the server refused')
    }
  })

  it('grants that a third host may be another address of the client', () => {
    const [found] = observe(portBounce, announcing('198.51.100.7', '203.0.113.99', 51_234))
    expect(found?.rivals).toContain('active-address-mismatch')
  })

  it.each([
    ['the client itself', '198.51.100.7', '198.51.100.7'],
    ['a private address, which is its own behind NAT', '198.51.100.7', '192.168.1.10'],
    ['the outside address of a client behind NAT', '192.168.1.10', '198.51.100.7'],
    ['no host at all', '198.51.100.7', '127.0.0.1'],
  ])('says nothing when PORT names %s', (_, client, address) => {
    expect(observe(portBounce, announcing(client, address, 51_234))).toEqual([])
  })
})
