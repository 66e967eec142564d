import { describe, expect, it } from 'vitest'
import {
  commandFact,
  commandWords,
  endpointText,
  icmpCause,
  icmpText,
  tryingTime,
} from '../../src/diagnose/words/evidence.js'
import { amount, percent, seconds } from '../../src/diagnose/words/quantities.js'
import { shown } from '../../src/diagnose/words/quote.js'
import { offeredWindow } from '../../src/diagnose/facts/payload.js'
import { dataTimerSettings, fittingTimers, timerWords } from '../../src/diagnose/remedies/timers.js'
import { alertName } from '../../src/diagnose/facts/tls.js'
import { hideSecrets } from '../../src/ftp/secrets/hide-secrets.js'
import { alertRemedy } from '../../src/diagnose/remedies/tls-remedies.js'
import { Connection, type IcmpSighting } from '../../src/tcp/connection.js'
import { sessionsOf } from '../correlate/follow.js'
import { ask, quit } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { played } from './played.js'

const icmp = (version: 4 | 6, type: number, code: number): IcmpSighting => ({
  frame: 2,
  time: 1e9,
  version,
  type,
  code,
  from: '192.0.2.1',
  hopLimit: 60,
  quoted: 0,
  mtu: 0,
  quotesSyn: true,
})

describe('An ICMP error', () => {
  it.each([
    [4, 3, 13, 'filter', 'communication administratively prohibited'],
    [4, 3, 3, 'filter', 'port unreachable'],
    [4, 3, 1, 'route', 'host unreachable'],
    [4, 3, 12, 'route', 'host unreachable for type of service'],
    [4, 3, 4, 'other', 'fragmentation needed'],
    [4, 3, 15, 'other', 'precedence cutoff'],
    [4, 11, 0, 'loop', 'time to live exceeded'],
    [4, 12, 0, 'other', 'type 12 code 0'],
    [6, 1, 0, 'route', 'no route to destination'],
    [6, 1, 2, 'route', 'beyond scope of source address'],
    [6, 1, 3, 'route', 'address unreachable'],
    [6, 1, 1, 'filter', 'administratively prohibited'],
    [6, 1, 6, 'filter', 'reject route to destination'],
    [6, 1, 7, 'other', 'type 1 code 7'],
    [6, 2, 0, 'other', 'packet too big'],
    [6, 3, 0, 'loop', 'hop limit exceeded'],
  ] as const)('of version %i, type %i and code %i is a matter of a %s: %s', (version, type, code, cause, text) => {
    expect(icmpCause(icmp(version, type, code))).toBe(cause)
    expect(icmpText(icmp(version, type, code))).toBe(text)
  })
})

describe('Evidence in words', () => {
  it('leaves the argument of PASS out and keeps that of other commands', () => {
    const { dialogue } = played(atClient(''), (session) => {
      ask(session, 'PWD', '257 "/"')
    })
    hideSecrets(dialogue, false)
    const { exchanges } = dialogue
    const words = exchanges.map((exchange) => commandWords(shown(commandFact(exchange))))
    expect(words).toEqual(['no command', 'USER alice', 'PASS ***', 'PWD'])
  })

  it('puts IPv6 addresses in brackets and says where a part is not known', () => {
    expect(endpointText('2001:db8::1', 21)).toBe('[2001:db8::1]:21')
    expect(endpointText(null, 50_005)).toBe('?:50005')
    expect(endpointText('192.0.2.1', null)).toBe('192.0.2.1:?')
  })

  it('rounds by size', () => {
    expect([0.25e9, 7e9, 301e9].map(seconds)).toEqual(['0.25 s', '7.0 s', '301 s'])
    expect([2048, 20_480, 2_500_000].map(amount)).toEqual(['2048 bytes', '20 kB', '2.5 MB'])
    expect([percent(1, 0), percent(1, 40), percent(1, 4)]).toEqual(['0.0 %', '2.5 %', '25 %'])
  })

  it('counts no trying where no SYN was captured', () => {
    const { scene, client, server } = atClient('')
    scene.syn(client, 52_228, server, 21, { attempts: 3 })
    expect(tryingTime(sessionsOf(scene)[0]!.control)).toBe(3e9)
    expect(tryingTime(played(atClient(''), quit, { captured: false }).control)).toBe(0)
  })
})

describe('An offered window', () => {
  const offering = (scales: readonly [number, number]) => {
    const ends = { address: '192.0.2.1', port: 20 }
    const connection = new Connection(0, 4, ends, ends, { frame: 1, time: 0 })
    connection.flows[0].windowScale = scales[0]
    connection.flows[1].windowScale = scales[1]
    connection.flows[1].largestWindow = 502
    return connection
  }

  it('is scaled only where both SYNs carry the option', () => {
    for (const [scales, window] of [
      [[7, 7], 64_256],
      [[-1, 7], 502],
      [[7, -1], 502],
    ] as const) {
      const connection = offering(scales)
      expect(offeredWindow(connection, connection.flows[1])).toBe(window)
    }
  })

  it('is not known where the handshake was not captured, or no window', () => {
    const connection = offering([7, 7])
    expect(offeredWindow(connection, connection.flows[0])).toBeNull()
    connection.midstream = true
    expect(offeredWindow(connection, connection.flows[1])).toBeNull()
  })
})

describe('A timer', () => {
  it('is named as the recognized server has it, and only where it fits', () => {
    const fitting = fittingTimers('vsFTPd 3.0.3', 300.2e9, ['data'])
    expect(fitting).toEqual({
      own: true,
      timers: [{ server: 'vsftpd', setting: 'data_connection_timeout', seconds: 300 }],
    })
    expect(timerWords(fitting!)).toBe("vsftpd's data_connection_timeout, 300 s")
    expect(fittingTimers('vsFTPd 3.0.3', 200e9, ['data', 'idle'])).toBeNull()
  })

  it('of an unknown server may be that of any that has one of this length', () => {
    const fitting = fittingTimers(null, 900e9, ['data', 'idle'])
    expect(fitting).toMatchObject({ own: false, timers: [{ server: 'Pure-FTPd', seconds: 900 }] })
    expect(timerWords(fittingTimers(null, 3600e9, ['stalled'])!)).toBe(
      'a common default timer (ProFTPD TimeoutStalled)',
    )
    expect(fittingTimers('FooFTP', 47e9, ['stalled', 'data'])).toBeNull()
  })

  it('is told by its setting of the server, or of all where the server is not known', () => {
    expect(dataTimerSettings('ProFTPD 1.3.8')).toBe('ProFTPD TimeoutStalled')
    expect(dataTimerSettings(null)).toContain('vsftpd data_connection_timeout; ProFTPD')
  })
})

describe('A TLS alert', () => {
  it('has a name where the RFC gives one, and its number in any case', () => {
    expect([48, 47, 200].map(alertName)).toEqual(['unknown CA (48)', 'illegal parameter (47)', 'alert (200)'])
  })

  it.each([
    ['an unknown issuer, at the client', 48, true, 'its full chain'],
    ['an unknown issuer, at the server', 48, false, 'the certificate that the server requires (vsftpd require_cert'],
    ['a protocol version', 70, true, 'a common version and cipher'],
    ['a missing client certificate', 116, false, 'curl --cert'],
    ['nothing in particular', 80, false, 'the TLS logs of both ends'],
    ['something encrypted', null, false, 'the TLS logs of both ends'],
  ] as const)('about %s says what to change there', (_, description, byClient, words) => {
    expect(alertRemedy(description, byClient)[0]).toContain(words)
  })
})
