import { describe, expect, it } from 'vitest'
import type { DataChannelReport, SessionReport } from '../../../src/report/contract.js'
import { firewallRules } from '../../../src/report/firewall/firewall-rules.js'
import { DIALECTS, type FirewallOptions } from '../../../src/report/firewall/options.js'
import { channel, session } from '../fixtures.js'

const SERVER = { address: '203.0.113.20', port: 21 }
const CLIENT = { address: '198.51.100.7', port: 40000 }

function passive(port: number | null, part: Partial<DataChannelReport> = {}, address: string | null = SERVER.address) {
  return channel({ announcement: { frame: 8, address, port }, to: { address, port }, ...part })
}

function active(part: Partial<DataChannelReport> = {}): DataChannelReport {
  return channel({
    mode: 'active',
    verb: 'PORT',
    announcement: { frame: 8, address: CLIENT.address, port: 50123 },
    from: { address: SERVER.address, port: 20 },
    to: { address: CLIENT.address, port: 50123 },
    ...part,
  })
}

function ftp(part: Partial<SessionReport> = {}): SessionReport {
  return session({
    ...{ client: CLIENT, server: SERVER, serverSoftware: 'vsftpd 3.0.3', findings: [] },
    dataChannels: [passive(50005), passive(50017)],
    ...part,
  })
}

/** Rules without comments and empty lines. */
function rules(sessions: SessionReport[], options: FirewallOptions): string[] {
  const text = firewallRules(sessions, options) ?? ''
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
}

const BEHIND_NAT = ftp({ dataChannels: [passive(50005, {}, '10.0.0.21')] })
const TLS = ftp({
  security: 'explicit-tls',
  dataChannels: [channel({ announcement: null, verb: null, to: { address: SERVER.address, port: 50042 } })],
})

describe('rules for nftables', () => {
  it('let a helper open what a session in clear text announces', () => {
    expect(firewallRules([ftp()], { dialect: 'nftables' })).toMatchSnapshot()
  })

  it('forward to a server behind NAT, whose helper writes the public address', () => {
    const text = firewallRules([BEHIND_NAT], { dialect: 'nftables' })
    expect(text).toContain('ip daddr 203.0.113.20 tcp dport 21 ct helper set "ftp"')
    expect(text).toContain('ip daddr 203.0.113.20 tcp dport 21 dnat to 10.0.0.21')
    expect(text).toContain('ip daddr 10.0.0.21 tcp dport 21 ct state { new, established } accept')
  })

  it('set the helper before translation, which would leave no room for longer announcements', () => {
    expect(firewallRules([BEHIND_NAT], { dialect: 'nftables' })).toContain(
      'type filter hook prerouting priority mangle',
    )
  })

  it('open and forward a fixed range if TLS hides the announcements, and name the setting for it', () => {
    const text = firewallRules([{ ...TLS, dataChannels: [...TLS.dataChannels, ...BEHIND_NAT.dataChannels] }], {
      dialect: 'nftables',
    })!
    expect(text).not.toContain('ct helper')
    expect(text).toContain('ip daddr 203.0.113.20 tcp dport { 21, 50000-50100 } dnat to 10.0.0.21')
    expect(text).toContain('pasv_min_port=50000, pasv_max_port=50100')
    expect(text).toContain('pasv_address=203.0.113.20')
  })

  it('use no helper for a server that announces its public address, which the helper would reject', () => {
    const inside = ftp({ server: { address: '10.0.0.21', port: 21 }, dataChannels: [passive(50005)] })
    const text = firewallRules([inside], { dialect: 'nftables' })
    expect(text).toContain('tcp dport { 21, 50000-50100 } dnat to 10.0.0.21')
    expect(text).not.toContain('ct helper')
  })

  it('let the server connect from the port that was seen, and from any port once another was seen', () => {
    const options: FirewallOptions = { dialect: 'nftables', helper: false }
    expect(rules([ftp({ dataChannels: [active()] })], options).join('\n')).toContain(
      'ip saddr 203.0.113.20 tcp sport 20 tcp dport 1024-65535 ct state { new, established } accept',
    )
    const other = active({ from: { address: SERVER.address, port: 45678 } })
    expect(rules([ftp({ dataChannels: [other] })], options).join('\n')).toContain(
      'ip saddr 203.0.113.20 tcp dport 1024-65535 ct state { new, established } accept',
    )
  })

  it('name all servers, each with its control ports, in its own family', () => {
    const six = ftp({
      id: 2,
      ...{ client: { address: '2001:db8:1::10', port: 40001 }, server: { address: '2001:db8:2::21', port: 2121 } },
      dataChannels: [passive(50030, {}, null)],
    })
    const text = firewallRules([ftp(), six, ftp({ id: 3, server: { address: SERVER.address, port: 2121 } })], {
      dialect: 'nftables',
    })
    expect(text).toContain('ip daddr 203.0.113.20 tcp dport { 21, 2121 } ct helper set "ftp"')
    expect(text).toContain('ip6 daddr 2001:db8:2::21 tcp dport 2121 ct helper set "ftp"')
    expect(text).toContain('seen: sessions 1, 3 from 198.51.100.7')
  })

  it('suggest a range if the ports seen are too far apart to come from one', () => {
    const wide = ftp({ security: 'explicit-tls', dataChannels: [passive(33001), passive(60123)] })
    const text = firewallRules([wide], { dialect: 'nftables' })
    expect(text).toContain('tcp dport 50000-50999')
    expect(text).toContain('FIRST: pasv_min_port=50000, pasv_max_port=50999; the ports seen are not from a fixed range')
  })

  it('take the range that the user names', () => {
    const options: FirewallOptions = { dialect: 'nftables', helper: false, passiveRange: { low: 40000, high: 40009 } }
    expect(firewallRules([ftp()], options)).toContain('tcp dport 40000-40009')
  })

  it('are only for the addresses seen, if requested', () => {
    expect(firewallRules([ftp()], { dialect: 'nftables', onlySeen: true })).toContain(
      'ip saddr 198.51.100.7 ip daddr 203.0.113.20 tcp dport 21',
    )
  })

  it('let a client behind NAT use active mode with the helper, and under TLS passive mode to any high port', () => {
    const behind = ftp({ client: { address: '192.168.1.10', port: 40000 }, dataChannels: [active()] })
    const text = firewallRules([behind], { dialect: 'nftables', side: 'client' })
    expect(text).toContain('ip daddr 203.0.113.20 tcp dport 21 ct helper set "ftp"')
    expect(text).not.toContain('dnat')
    expect(firewallRules([TLS], { dialect: 'nftables', side: 'client' })).toContain(
      'ip daddr 203.0.113.20 tcp dport 1024-65535 ct state { new, established } accept',
    )
  })

  it('send active data under TLS to the one client behind the NAT', () => {
    const hidden = active({ announcement: null, verb: null, to: { address: '192.168.1.10', port: 50123 } })
    const behind = ftp({
      security: 'explicit-tls',
      client: { address: '192.168.1.10', port: 40000 },
      dataChannels: [hidden],
    })
    const text = firewallRules([behind], { dialect: 'nftables', side: 'client' })
    expect(text).toContain('ip saddr 203.0.113.20 tcp sport 20 tcp dport 1024-65535 dnat to 192.168.1.10')
  })
})

describe('rules for other firewalls', () => {
  it.each(DIALECTS)('%s: clear text, NAT and TLS', (dialect) => {
    for (const sessions of [[ftp()], [BEHIND_NAT], [TLS]]) {
      expect(firewallRules(sessions, { dialect })).toMatchSnapshot()
    }
  })

  it.each(['iptables', 'ipfilter', 'pf'] as const)("%s: the client's side, with and without a helper", (dialect) => {
    const behind = ftp({ client: { address: '192.168.1.10', port: 40000 }, dataChannels: [active(), passive(50005)] })
    for (const helper of [true, false]) {
      expect(firewallRules([behind], { dialect, side: 'client', helper })).toMatchSnapshot()
    }
  })

  it('lvs: every real server named gets the connections of the mark', () => {
    const text = firewallRules([TLS], { dialect: 'lvs', inside: ['10.0.0.21', '10.0.0.22'] })
    expect(text).toContain('-a -f 21 -r 10.0.0.21:0 -m')
    expect(text).toContain('-a -f 21 -r 10.0.0.22:0 -m')
    expect(text).not.toContain('name the real servers')
  })
})

describe('rules of any dialect', () => {
  const HOSTILE = '"; drop\n}\nEND\n`reboot` $(reboot) # '
  const hostile = ftp({
    ...{ serverSoftware: HOSTILE, clientSoftware: HOSTILE, user: HOSTILE },
    dataChannels: [
      passive(22, {}, HOSTILE),
      passive(99999, {}, '0.0.0.0'),
      passive(50005, {}, '224.0.0.1'),
      active({ announcement: { frame: 9, address: HOSTILE, port: 0 }, from: { address: HOSTILE, port: 20 } }),
    ],
  })

  it.each(DIALECTS)('%s: no text from the wire enters them', (dialect) => {
    for (const side of dialect === 'lvs' ? (['server'] as const) : (['server', 'client'] as const)) {
      for (const helper of [true, false]) {
        const text = firewallRules([hostile], { dialect, side, helper })!
        expect(text).not.toMatch(/reboot|drop\n|`/)
        expect(text).not.toContain('224.0.0.1')
        expect(text).not.toContain('99999')
      }
    }
  })

  it('are none if no session is FTP', () => {
    expect(firewallRules([], { dialect: 'nftables' })).toBeNull()
    expect(firewallRules([ftp({ otherProtocol: 'SSH' })], { dialect: 'pf' })).toBeNull()
  })

  it('do not take one private address behind two public ones for one server', () => {
    const other = ftp({ ...BEHIND_NAT, id: 2, server: { address: '203.0.113.99', port: 21 } })
    const text = firewallRules([BEHIND_NAT, other], { dialect: 'iptables' })
    expect(text).toContain('-d 203.0.113.20 -p tcp --dport 21 -j DNAT --to-destination 10.0.0.21')
    expect(text).toContain('-d 203.0.113.99 -p tcp --dport 21 -j DNAT --to-destination 10.0.0.21')
  })

  it('take the two sides of a NAT for one server', () => {
    const inside = ftp({
      id: 2,
      server: { address: '10.0.0.21', port: 21 },
      dataChannels: [passive(50006, {}, '10.0.0.21')],
    })
    const text = firewallRules([BEHIND_NAT, inside], { dialect: 'nftables' })
    expect(text).toContain('1 server')
    expect(text).toContain('seen: sessions 1, 2')
  })
})
