import { describe, expect, it } from 'vitest'
import { activeNotAttempted } from '../../src/diagnose/rules/active/active-not-attempted.js'
import { activePortRefused } from '../../src/diagnose/rules/active/active-port-refused.js'
import { activePortUnanswered } from '../../src/diagnose/rules/active/active-port-unanswered.js'
import { activeRejected } from '../../src/diagnose/rules/active/active-rejected.js'
import { controlRefused } from '../../src/diagnose/rules/control/control-refused.js'
import { controlUnanswered } from '../../src/diagnose/rules/control/control-unanswered.js'
import { dataPeerMismatch } from '../../src/diagnose/rules/passive/data-peer-mismatch.js'
import { extendedPassiveBlocked } from '../../src/diagnose/rules/passive/extended-passive-blocked.js'
import { passivePrivateAddress } from '../../src/diagnose/rules/passive/passive-private-address.js'
import { passivePortRefused } from '../../src/diagnose/rules/passive/passive-port-refused.js'
import { passivePortUnanswered } from '../../src/diagnose/rules/passive/passive-port-unanswered.js'
import { passiveRejected } from '../../src/diagnose/rules/passive/passive-rejected.js'
import {
  ask,
  command,
  dial,
  dialBackInVain,
  dialInVain,
  eprt,
  epsv,
  ftpSession,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  type FtpSession,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, inLan, openControl, type Place } from '../support/places.js'
import { leave, observed, saysOfLast } from './played.js'

describe('The remedy for a refused passive mode', () => {
  const refusals = (place: Place, ...asked: [command: string, reply: string][]) =>
    observed(passiveRejected, place, (session) => {
      for (const [line, answer] of asked) ask(session, line, answer)
      quit(session)
    })

  it.each([
    '501 PASV: Die Operation ist nicht erlaubt',
    '425 Cannot open passive connection.',
    '500 Illegal address family.',
    '502 Commande non reconnue.',
  ])('over IPv6 is EPSV where only PASV was tried, whatever the reply says: %s', (answer) => {
    const [found] = refusals(atClientOverIpv6(''), ['PASV', answer])
    expect(found).toMatchObject({ side: 'client', fact: { kind: 'ipv4-only-verb' } })
    expect(found?.message).toContain('IPv6')
    expect(found?.remedy[0]).toContain('use EPSV')
    expect(found?.remedy.join()).not.toMatch(/pasv_enable|Limit PASV|active mode/)
  })

  it('over IPv6 is IPv4 where the server has neither EPSV nor EPRT', () => {
    const refused = '502 Command not recognized'
    const [found] = refusals(
      atClientOverIpv6(''),
      ['EPSV', refused],
      ['PASV', '500 No.'],
      ['EPRT |2|2001:db8:1::10|5001|', refused],
    )
    expect(found?.fact).toMatchObject({ kind: 'no-ipv6', refused: ['EPSV', 'PASV', 'EPRT'] })
    expect(found?.remedy[0]).toContain('IPv4 address')
    expect(found?.remedy.join()).not.toContain('active mode')
  })

  it('over IPv6 is active mode as well where EPRT was not tried, and settings where EPSV is forbidden', () => {
    const [unknown] = refusals(atClientOverIpv6(''), ['EPSV', '500 Unknown command.'])
    expect(unknown?.remedy[1]).toContain('or in the client: use active mode')
    const [forbidden] = refusals(atClientOverIpv6(''), ['EPSV', '550 Permission denied.'])
    expect(forbidden?.remedy[0]).toContain('pasv_enable=YES')
    const [busy] = refusals(atClientOverIpv6(''), ['EPSV', '425 All ports are busy.'], ['PASV', '500 No.'])
    expect(busy?.fact.kind).toBe('temporary')
  })

  it('is PASV where only EPSV was tried', () => {
    const [found] = refusals(atClient(''), ['EPSV', '550 EPSV is disabled.'])
    expect(found).toMatchObject({ side: 'client', fact: { kind: 'pasv-untried' } })
    expect(found?.remedy[0]).toContain('in the client: use PASV instead of EPSV (curl: --disable-epsv')
    expect(found?.remedy.join()).not.toContain('pasv_enable')
  })

  it('is active mode for a server without passive mode, unless that was refused, too', () => {
    const [device] = refusals(atClient(''), ['PASV', '502 PASV command not available'])
    expect(device?.remedy[0]).toContain('in the client: use active mode')
    const [neither] = refusals(
      atClient(''),
      ['PASV', '502 Command not implemented.'],
      ['PORT 192,168,1,10,20,1', '502 Command not implemented.'],
    )
    expect(neither?.remedy).toHaveLength(1)
    expect(neither?.remedy[0]).toContain('on the server')
  })

  it('is a free port where the reply passes on an error of the host', () => {
    const [found] = refusals(atClient(''), [
      'EPSV',
      '500 OOPS: vsf_sysutil_bind, maximum number of attempts to find a listening port exceeded',
    ])
    expect(found).toMatchObject({ side: 'server', fact: { kind: 'local-error' } })
    expect(found?.remedy[1]).toContain('ftpd_use_passive_mode')
  })

  it('is PRET where the server asks for it', () => {
    const [found] = refusals(atClient(''), ['PASV', '500 You need to use a client supporting PRET to use PASV'])
    expect(found?.remedy[0]).toContain('curl: --ftp-pret')
  })

  it('says nothing of PASV over IPv6 after a failed EPSV: it is refused there in any case', () => {
    const found = observed(passiveRejected, atClientOverIpv6(''), (session) => {
      epsv(session, 50_005)
      dialInVain(session, 50_005)
      ask(session, 'PASV', '500 No.')
      quit(session)
    })
    expect(found).toEqual([])
  })
})

describe('The remedy for a refused active mode', () => {
  it('does not name passive mode where the session shows that it failed', () => {
    const [found] = observed(activeRejected, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005)
      port(session, 52_300, { reply: '502 Command not implemented.' })
      quit(session)
    })
    expect(found?.remedy).toHaveLength(1)
    expect(found?.remedy[0]).toContain('port_enable=YES')
  })

  it.each([
    ['PORT 192,168,1,10,20,1', '500 No.', 'ipv4-only-verb', 'use EPRT'],
    ['EPRT |2|2001:db8:1::10|5001|', '522 Use (1)', 'no-ipv6', 'IPv4 address'],
  ])('over IPv6, after %s, %s, is of kind %s', (line, answer, kind, words) => {
    const [found] = observed(activeRejected, atClientOverIpv6(''), (session) => {
      ask(session, line, answer)
      quit(session)
    })
    expect(found).toMatchObject({ side: 'client', fact: { kind } })
    expect(found?.remedy.join('\n')).toContain(words)
  })

  it('is PORT where only EPRT was tried', () => {
    const [found] = observed(activeRejected, atServer(''), (session) => {
      eprt(session, 52_300, { reply: '500 Unknown command.' })
      quit(session)
    })
    expect(found?.fact.kind).toBe('port-untried')
    expect(found?.remedy[1]).toContain('--disable-eprt')
  })
})

describe('The remedy for an active data connection that the server never opened', () => {
  it.each([
    '425 could not establish active connection: dial tcp :20->192.168.1.20:36151: bind: address already in use',
    '425 Unable to build data connection: Address already in use',
    '500 OOPS: vsf_sysutil_bind',
    "425 Can't create data socket (10.1.0.20,20): Permission denied.",
    '425 Cannot open data connection (10048).',
  ])('begins at the server, where it names a local error: %s', (answer) => {
    const [found] = observed(activeNotAttempted, inLan(''), (session) => {
      port(session, 52_300)
      ask(session, 'LIST', answer)
      quit(session)
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high', fact: { kind: 'local-error' } })
    expect(found?.remedy[0]).toMatch(/^on the server: find out what holds source port 20/)
    expect(found?.remedy.join()).not.toMatch(/helper|StatefulFTP|public address/)
  })

  it('begins at the server, where it gave up at once', () => {
    const [found] = observed(activeNotAttempted, inLan(''), (session) => {
      port(session, 52_300)
      ask(session, 'LIST', '425 Failed to establish connection.')
      quit(session)
    })
    expect(found?.fact.kind).toBe('at-once')
    expect(found?.remedy[0]).toContain('SELinux')
    expect(found?.remedy.join()).not.toMatch(/helper|StatefulFTP/)
  })

  it('begins at the client, where the server says that it tried', () => {
    const [found] = observed(activeNotAttempted, atClient(''), (session) => {
      port(session, 52_300)
      ask(session, 'LIST', '425 Could not open data connection to port 52300: Connection refused')
      quit(session)
    })
    expect(found?.fact.kind).toBe('absent')
    expect(found?.remedy.join()).toContain('helper')
  })
})

describe('The remedy for a port that is open', () => {
  const halfOpen = (place: Place) =>
    observed(passivePortUnanswered, place, (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'syn-ack' })
      leave(session)
    })

  it('is the way back, not the port', () => {
    const [found] = halfOpen(atServer(''))
    expect(found?.message).toContain('lost on the way back')
    expect(found?.remedy[0]).toContain('ip route get 198.51.100.7 from 203.0.113.20')
    expect(found?.remedy.join()).not.toMatch(/accept;|add-port|range/)
  })

  it('is the own firewall of the host that the SYN,ACK reached', () => {
    const [found] = halfOpen(atClient(''))
    expect(found?.remedy[0]).toMatch(/^on the client: check its own firewall/)
    const [active] = observed(activePortUnanswered, atClient(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: 'syn-ack' })
      leave(session)
    })
    expect(active?.remedy[0]).toMatch(/^on the client: check the route/)
  })

  it('is a listening process where the host itself refused, and no firewall', () => {
    const [passive] = observed(passivePortRefused, atClient(''), (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'rst' })
      leave(session)
    })
    expect(passive?.fact.byListener).toBe(true)
    expect(passive?.remedy[0]).toContain("ss -ltnp 'sport = :50005'")
    expect(passive?.remedy.join()).not.toMatch(/allow inbound|add-port/)
    const [active] = observed(activePortRefused, inLan(''), (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { answer: 'rst' })
      leave(session)
    })
    expect(active?.remedy[1]).toContain('or on the client: check that a process listens')
    expect(active?.remedy.join()).not.toContain('helper')
  })
})

describe('The remedy for an active port that does not answer', () => {
  const unanswered = (place: Place, before: (session: FtpSession) => void = () => undefined) =>
    observed(activePortUnanswered, place, (session) => {
      before(session)
      eprt(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { attempts: 4 })
      reply(session, '425 Failed to establish connection.')
      quit(session)
    })[0]

  it('is the own firewall of the client that the SYNs reached', () => {
    const found = unanswered(atClient(''))
    expect(found?.remedy[1]).toContain('or on the client: allow inbound connections')
    expect(found?.remedy.join()).not.toContain('helper')
  })

  it('names an address that the capture does not show by a placeholder in commands, and by words outside them', () => {
    const place = atServer('', { client: '192.168.1.10' })
    const line = unanswered(place)?.remedy.find((each) => each.includes('in active mode'))
    expect(line).toMatch(/announce its public address in active mode \(curl: --ftp-port ADDRESS; lftp: /)
    expect(line).not.toContain('(ADDRESS:')
    const [known] = observed(
      passivePrivateAddress,
      atServer('', { server: '10.0.0.21', client: '198.51.100.7' }),
      (session) => {
        pasv(session, 50_005)
        ask(session, 'LIST', '425 Failed to establish connection.', { think: 60_000 })
        quit(session)
      },
    )
    expect(known?.remedy[0]).toMatch(/: pasv_address=ADDRESS; .* \(ADDRESS: its public address\)$/)
  })

  it('does not have enabled what let an earlier connection of the session through', () => {
    const found = unanswered(atServer(''), (session) => listing(session, { verb: 'PORT' }))
    expect(found?.remedy.join()).not.toMatch(/enable an FTP helper|its public address/)
  })

  it('is PASV where only EPSV was refused before', () => {
    const found = unanswered(atServer(''), (session) => {
      ask(session, 'EPSV', '500 Unknown command.')
    })
    expect(found?.remedy[0]).toContain('PASV instead of EPSV')
  })

  it('over IPv6 is EPSV unless that was refused, ip6tables, and no address to announce', () => {
    const place = () => atServer('', { client: '2001:db8:1::10', server: '2001:db8:2::20' })
    const found = unanswered(place(), (session) => {
      ask(session, 'PASV', '500 No.')
    })
    expect(found?.remedy[0]).toContain('use passive mode with EPSV')
    expect(found?.remedy.join()).toContain('ip6tables -t raw')
    expect(found?.remedy.join()).not.toMatch(/announce|port-ipv4/)
    const refused = unanswered(place(), (session) => {
      ask(session, 'EPSV', '502 No.')
    })
    expect(refused?.remedy[0]).toMatch(/^on the client's firewall/)
  })
})

describe('A passive port that fails while its neighbors work', () => {
  const after = (ports: readonly number[], failing: number) => (session: FtpSession) => {
    for (const each of ports) retrieve(session, { port: each })
    pasv(session, failing)
    dialInVain(session, failing, { attempts: 4 })
    leave(session)
  }

  it.each([
    [5060, 'SIP'],
    [1720, 'H.323'],
    [2000, 'SCCP (Skinny)'],
    [6667, 'IRC'],
    [8080, 'HTTP'],
  ])('%i is named as a port of %s, to be left out of the range', (failing, protocol) => {
    const [found] = observed(passivePortUnanswered, atClient(''), after([failing - 1], failing))
    expect(found?.message).toContain(`${failing} is a port of ${protocol}`)
    expect(found?.remedy[0]).toContain(`without ${failing}`)
    expect(found?.remedy[0]).not.toContain(`pasv_min_port=${failing - (failing % 100)},`)
    expect(found?.remedy).toHaveLength(2)
  })

  it('stands out without a known protocol if ports on both sides work', () => {
    const [alone] = observed(passivePortUnanswered, atClient(''), after([41_000, 41_001, 41_003], 41_002))
    expect(alone?.fact.neighbors).toEqual({ count: 3, low: 41_000, high: 41_003 })
    expect(alone?.remedy[0]).toContain('find the rule that treats port 41002 differently')
    const [last] = observed(passivePortUnanswered, atClient(''), after([41_000, 41_001], 41_002))
    expect(last?.fact.neighbors).toBeNull()
  })

  it('is compared with other sessions of the same hosts', () => {
    const place = atClient('')
    for (const [index, each] of [5058, 5059].entries()) {
      const session = openControl(place, { clientPort: 52_228 + 10 * index })
      login(session)
      retrieve(session, { port: each })
      quit(session)
    }
    const session = openControl(place, { clientPort: 52_300 })
    login(session)
    pasv(session, 5060)
    dialInVain(session, 5060, { attempts: 4 })
    leave(session)
    expect(saysOfLast(passivePortUnanswered, place)[0]?.fact.neighbors).toEqual({ count: 2, low: 5058, high: 5059 })
  })

  it('does not have a helper enabled that let other ports of the session through', () => {
    const [found] = observed(passivePortUnanswered, atClient(''), after([50_001], 50_900))
    expect(found?.remedy.join()).not.toContain('helper')
  })
})

describe('EPSV that is blocked', () => {
  it('is shown by PASV in another session of the same hosts', () => {
    const place = atClient('')
    const first = openControl(place)
    login(first)
    listing(first)
    quit(first)
    const session = openControl(place, { clientPort: 52_400 })
    login(session)
    epsv(session, 50_006)
    dialInVain(session, 50_006, { attempts: 4 })
    leave(session)
    const [found] = saysOfLast(extendedPassiveBlocked, place)
    expect(found?.fact).toMatchObject({ lost: 'EPSV', works: 'PASV' })
    expect(found?.evidence.at(-1)?.note).toContain('in another session of the same hosts')
  })
})

describe('A server that is silent after rejected logins', () => {
  const rejected = (place: Place, count: number) => {
    for (let attempt = 0; attempt < count; attempt++) {
      const session = openControl(place, { clientPort: 52_228 + attempt })
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS wrong', '530 Login incorrect.')
      session.control.close('client')
    }
  }

  it('has probably banned the client', () => {
    const place = atClient('')
    rejected(place, 5)
    place.scene.syn(place.client, 52_300, place.server, 21, { attempts: 4 })
    const [found] = saysOfLast(controlUnanswered, place)
    expect(found?.fact.rejectedLogins).toBe(5)
    expect(found?.message).toContain('has probably banned that address')
    expect(found?.remedy[0]).toContain('fail2ban-client unban 192.168.1.10')
    expect(found?.remedy.join()).not.toContain('add-port')
  })

  it('or refuses it for that reason', () => {
    const place = atClient('')
    rejected(place, 3)
    place.scene.syn(place.client, 52_300, place.server, 21, { answer: 'rst' })
    expect(saysOfLast(controlRefused, place)[0]?.remedy[0]).toContain('look for a ban')
  })

  it('is not said to have banned a client after one rejected login, or long after', () => {
    const place = atClient('')
    rejected(place, 1)
    place.scene.syn(place.client, 52_300, place.server, 21, { attempts: 4 })
    expect(saysOfLast(controlUnanswered, place)[0]?.fact.rejectedLogins).toBe(0)
    const later = atClient('')
    rejected(later, 5)
    later.scene.wait(3_600_000)
    later.scene.syn(later.client, 52_300, later.server, 21, { attempts: 4 })
    expect(saysOfLast(controlUnanswered, later)[0]?.fact.rejectedLogins).toBe(0)
  })
})

describe('Control and data connections from two addresses of a container network', () => {
  const from = (client: string, other: string) => {
    const place = atServer('', { client, server: '172.18.0.5' })
    const session = ftpSession(place.scene, place.client, place.server)
    login(session)
    pasv(session, 50_021)
    const data = place.scene.connect(place.scene.host(other), 47_619, place.server, 50_021)
    command(session, 'MLSD')
    data.close('server')
    reply(session, '425 Could not open transfer channel: data connection security requirements not met')
    quit(session)
    return saysOfLast(dataPeerMismatch, place)[0]
  }

  it('are put down to its NAT or proxy', () => {
    const found = from('172.18.0.1', '172.18.0.3')
    expect(found?.fact).toMatchObject({ kind: 'refused', container: true })
    expect(found?.remedy[0]).toMatch(/^on the container host: .*Docker/)
    expect(found?.remedy.join()).not.toContain('SD-WAN')
  })

  it('are not where both addresses are elsewhere', () => {
    const found = from('198.51.100.7', '198.51.100.8')
    expect(found?.fact.container).toBe(false)
    expect(found?.remedy[0]).toContain('SD-WAN')
  })
})

it('An established passive connection is not an attempt in vain', () => {
  const [found] = observed(activeRejected, atClient(''), (session) => {
    pasv(session, 50_005)
    dial(session, 50_005).close('client')
    port(session, 52_300, { reply: '502 Command not implemented.' })
    quit(session)
  })
  expect(found?.remedy[0]).toContain('use passive mode')
})
