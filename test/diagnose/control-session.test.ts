import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { commandUnanswered } from '../../src/diagnose/rules/control/command-unanswered.js'
import { controlIdleDropped } from '../../src/diagnose/rules/control/control-idle-dropped.js'
import { controlReset } from '../../src/diagnose/rules/control/control-reset.js'
import { idleTimeout } from '../../src/diagnose/rules/control/idle-timeout.js'
import { loginRejected } from '../../src/diagnose/rules/control/login-rejected.js'
import { serviceUnavailable } from '../../src/diagnose/rules/control/service-unavailable.js'
import { tlsRequired } from '../../src/diagnose/rules/control/tls-required.js'
import { Direction } from '../../src/tcp/connection.js'
import { SERVER, SessionBuilder } from './session-builder.js'

const { FromInitiator: FromClient, FromResponder: FromServer } = Direction
const open = () => new SessionBuilder().handshake().login()

describe('control-reset', () => {
  it('knows a forged RST by its TTL and names the bare LF before it', () => {
    const session = open()
      .command(1, 'CWD incoming', { bareLineFeed: true, acknowledged: false })
      .reset(FromServer, 1.02, { hopLimit: 254 })
      .judged()
    const [found] = observe(controlReset, session)
    expect(found?.side).toBe('path')
    expect(found?.confidence).toBe('high')
    expect(found?.message).toMatch(/TTL 254 is not that host's \(57\).*LF without CR/)
  })

  it('leaves a RST with the TTL of the server to the server', () => {
    const [found] = observe(controlReset, open().reset(FromServer, 2).judged())
    expect(found?.side).toBe('server')
    expect(found?.confidence).toBe('medium')
  })

  it('sees a box in RSTs to both ends at once', () => {
    const session = open().command(1, 'SYST').reset(FromServer, 1.01).reset(FromClient, 1.011).judged()
    expect(observe(controlReset, session)[0]?.side).toBe('path')
  })

  it('says nothing of a client that closes by RST when it has nothing more to ask', () => {
    expect(observe(controlReset, open().reset(FromClient, 2).judged())).toEqual([])
  })

  it('says nothing of a RST behind QUIT, 421 or FIN', () => {
    const quit = open().command(1, 'QUIT').reset(FromServer, 1.1).judged()
    const expired = open().reply(301, '421 Timeout.', { unasked: true }).reset(FromServer, 302).judged()
    const closed = open().command(1, 'SYST').fin(FromClient, 1.1).reset(FromServer, 1.2).judged()
    for (const session of [quit, expired, closed]) expect(observe(controlReset, session)).toEqual([])
  })
})

describe('control-idle-dropped', () => {
  const download = () => {
    const builder = open().command(1, 'RETR feed.log').reply(1.1, '150 Opening.')
    return builder.data(1.05, 1201, 2000, 'unknown')
  }

  it('sees beside the server that the 226 is never acknowledged', () => {
    const session = download()
      .reply(1202, '226 Transfer complete.', { acknowledged: false })
      .retransmit(FromServer, 1202.2, 1202.6, 1203.4)
      .judged(1230)
    const [found] = observe(controlIdleDropped, session)
    expect(found?.confidence).toBe('high')
    expect(found?.message).toMatch(/silent for 1201 s while RETR ran.*226 Transfer complete\./)
  })

  it('sees beside the client that the next command meets a RST', () => {
    const session = download()
      .command(1210, 'NOOP', { acknowledged: false })
      .reset(FromServer, 1210.1, { hopLimit: 63 })
      .judged()
    expect(observe(controlIdleDropped, session)[0]?.message).toContain('with TTL 63 instead of 57')
  })

  it('sees beside the client that the 226 is missing and its FIN is not acknowledged', () => {
    const session = download().fin(FromClient, 1230, { acknowledged: false }).judged(1231)
    expect(observe(controlIdleDropped, session)).toHaveLength(1)
  })

  it('says nothing when the capture ends behind a 226 that nobody had time to acknowledge', () => {
    const session = download().reply(1202, '226 Transfer complete.', { acknowledged: false }).judged()
    expect(observe(controlIdleDropped, session)).toEqual([])
  })

  it('says nothing when the 226 comes through', () => {
    const session = download().reply(1202, '226 Transfer complete.').command(1203, 'QUIT').reply(1203.1, '221 Goodbye.')
    expect(observe(controlIdleDropped, session.judged(1260))).toEqual([])
  })

  it('says nothing of a late word to a client that had closed', () => {
    const session = download()
      .fin(FromClient, 1201)
      .reply(1202, '226 Transfer complete.', { acknowledged: false })
      .reset(FromClient, 1202.1)
      .judged(1260)
    expect(observe(controlIdleDropped, session)).toEqual([])
  })
})

describe('command-unanswered', () => {
  it('blames the server for a command that is acknowledged and not answered', () => {
    const [found] = observe(commandUnanswered, open().command(1, 'CWD /mnt').fin(FromClient, 61).judged())
    expect(found?.side).toBe('server')
    expect(found?.message).toContain(`${SERVER}:21 acknowledged "CWD /mnt" and never replied`)
  })

  it('blames the path for a command that is never acknowledged', () => {
    const session = open()
      .command(1, 'SITE CHMOD 755 x', { acknowledged: false })
      .retransmit(FromClient, 1.2, 1.6, 2.4)
      .judged(5)
    expect(observe(commandUnanswered, session)[0]?.side).toBe('path')
  })

  it('never shows a password', () => {
    const session = new SessionBuilder().handshake().reply(0.1, '220 Ready').command(0.3, 'PASS wonderland')
    const found = observe(commandUnanswered, session.fin(FromClient, 60).judged())
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found)).not.toContain('wonderland')
  })

  it('says nothing at the end of a capture, after a preliminary reply, or behind QUIT', () => {
    const ended = open().command(1, 'CWD /mnt').judged(4)
    const running = open().command(1, 'RETR x').reply(1.1, '150 Opening.').fin(FromClient, 61).judged()
    const gone = open().command(1, 'QUIT').fin(FromClient, 1.01).judged(60)
    for (const session of [ended, running, gone]) expect(observe(commandUnanswered, session)).toEqual([])
  })

  it('says nothing where the capture itself lacks words of the server', () => {
    const session = open().command(1, 'CWD /mnt').fin(FromClient, 61).judged()
    session.control.flows[FromServer].acknowledgedUnseen = 30
    expect(observe(commandUnanswered, session)).toEqual([])
  })
})

describe('idle-timeout', () => {
  it('names the timer that fits the silence', () => {
    const [found] = observe(idleTimeout, open().reply(300.4, '421 Timeout.', { unasked: true }).judged())
    expect(found?.message).toContain('(its timer: 300 s)')
  })

  it('knows a timer without words by its silence, and leaves the rest to service-unavailable', () => {
    const silent = open().reply(600.5, '421 Closing.', { unasked: true }).judged()
    const sudden = open().reply(2, '421 Server is going down.', { unasked: true }).judged()
    expect([observe(idleTimeout, silent).length, observe(serviceUnavailable, silent).length]).toEqual([1, 0])
    expect([observe(idleTimeout, sudden).length, observe(serviceUnavailable, sudden).length]).toEqual([0, 1])
  })

  it('does not call it idle while data flows', () => {
    const session = open()
      .command(1, 'RETR x')
      .reply(1.1, '150 Opening.')
      .data(1.05, 299, 1e6, 'failed')
      .reply(300, '421 Aborting.', { unasked: true })
      .judged()
    expect(observe(idleTimeout, session)).toEqual([])
  })
})

describe('login-rejected and tls-required', () => {
  const asked = (line: string) => {
    const builder = new SessionBuilder().handshake().reply(0.1, '220 Ready')
    builder.command(0.2, 'USER alice').reply(0.25, '331 Password').command(0.3, 'PASS x').reply(3, line)
    builder.dialogue.user = 'alice'
    builder.dialogue.login = 'rejected'
    return builder
  }

  it.each([
    '530 Non-anonymous sessions must use encryption.',
    '550 SSL/TLS required on the control channel',
    '421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.',
    '534 Policy requires SSL.',
    '503 Use AUTH first.',
  ])('reads "%s" as a demand for TLS', (line) => {
    expect(observe(tlsRequired, asked(line).judged())).toHaveLength(1)
  })

  it.each([
    '530 Login incorrect.',
    '530 User cannot log in, home directory inaccessible.',
    '530 Login authentication failed',
  ])('reads "%s" as a matter of the account', (line) => {
    expect(observe(tlsRequired, asked(line).judged())).toEqual([])
    expect(observe(loginRejected, asked(line).judged())).toHaveLength(1)
  })

  it('calls a wrong password that the right one follows information at most', () => {
    const builder = asked('530 Login incorrect.').command(4, 'PASS y').reply(4.1, '230 Login successful.')
    builder.dialogue.login = 'accepted'
    expect(observe(loginRejected, builder.judged()).map((found) => found.severity)).toEqual(['info'])
  })

  it('says nothing of a 530 to commands before the login', () => {
    const session = new SessionBuilder().handshake().reply(0.1, '220 Ready').command(0.2, 'FEAT')
    expect(observe(loginRejected, session.reply(0.3, '530 Please login with USER and PASS.').judged())).toEqual([])
  })
})
