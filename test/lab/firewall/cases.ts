import type { ClientSpec, Host, ServerSpec, Topology, Vantage } from '../scenario.js'
import type { FirewallOptions } from '../../../src/report/firewall/options.js'

/** A session that a firewall which drops everything has to let through once it has loaded the rules made for it. */
export interface FirewallCase {
  readonly name: string
  readonly topology: Topology
  readonly server: ServerSpec
  readonly client: ClientSpec
  /** The machine whose firewall drops: `rs` and `rc` forward, `s1` and `c` are the hosts themselves. */
  readonly at: Host
  /** The capture that the rules are made from. */
  readonly vantage: Vantage
  readonly options?: Partial<FirewallOptions>
  /** Without the rules it fails with an open firewall too: what is wrong is the translation, which the rules mend. */
  readonly brokenBefore?: true
  /** Commands on that machine before its firewall drops. */
  readonly commands?: readonly string[]
}

const get = { actions: [{ get: 'report.bin' }], timeout: 8 } as const
const PUBLIC: Topology = { client: 'public', server: 'public' }
/** The lab's client router refuses what comes unasked; here that is for the rules to decide. */
const OPEN_ROUTER = ['nft flush chain ip nat forward', 'nft flush chain ip nat input']

export const CASES: readonly FirewallCase[] = [
  {
    name: 'server-passive',
    ...{ topology: PUBLIC, at: 'rs', vantage: 'server' },
    server: { software: 'vsftpd' },
    client: { software: 'curl', mode: 'passive', ...get },
  },
  {
    name: 'server-passive-without-helper',
    ...{ topology: PUBLIC, at: 'rs', vantage: 'client', options: { helper: false, onlySeen: true } },
    server: { software: 'pyftpdlib' },
    client: { software: 'curl', mode: 'passive', ...get },
  },
  {
    name: 'server-host-active',
    ...{ topology: PUBLIC, at: 's1', vantage: 'server' },
    server: { software: 'vsftpd', settings: { connect_from_port_20: 'YES' } },
    client: { software: 'curl', mode: 'active', ...get },
  },
  {
    name: 'server-active-without-helper',
    ...{ topology: PUBLIC, at: 'rs', vantage: 'server', options: { helper: false } },
    server: { software: 'vsftpd', settings: { connect_from_port_20: 'YES' } },
    client: { software: 'curl', mode: 'active', ...get },
  },
  {
    name: 'server-other-port',
    ...{ topology: PUBLIC, at: 'rs', vantage: 'server' },
    server: { software: 'pyftpdlib', port: 2121 },
    client: { software: 'curl', mode: 'passive', ...get },
  },
  {
    name: 'server-ipv6',
    ...{ topology: { ...PUBLIC, family: 6 }, at: 'rs', vantage: 'server' },
    server: { software: 'vsftpd' },
    client: { software: 'curl', ...get },
  },
  {
    name: 'server-tls',
    ...{ topology: PUBLIC, at: 'rs', vantage: 'server' },
    server: { software: 'vsftpd', tls: 'explicit', settings: { require_ssl_reuse: 'NO' } },
    client: { software: 'curl', tls: 'explicit', ...get },
  },
  {
    name: 'server-implicit-tls',
    ...{ topology: PUBLIC, at: 's1', vantage: 'server' },
    server: { software: 'vsftpd', tls: 'implicit', settings: { require_ssl_reuse: 'NO' } },
    client: { software: 'curl', tls: 'implicit', ...get },
  },
  {
    // The server announces its inside address and nothing rewrites it: the helper of the rules does.
    name: 'server-nat-helper',
    ...{
      topology: { client: 'public', server: 'nat', forward: null },
      at: 'rs',
      vantage: 'client',
      brokenBefore: true,
    },
    server: { software: 'vsftpd' },
    client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], ...get },
  },
  {
    // The outside address is announced and the range not forwarded: the rules forward it.
    name: 'server-nat-range',
    ...{
      topology: { client: 'public', server: 'nat', forward: null },
      at: 'rs',
      vantage: 'server',
      brokenBefore: true,
    },
    server: { software: 'vsftpd', announce: '203.0.113.20' },
    client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], ...get },
  },
  {
    name: 'client-passive',
    ...{ topology: { client: 'private', server: 'private' }, at: 'rc', vantage: 'client', options: { side: 'client' } },
    server: { software: 'proftpd' },
    client: { software: 'lftp', mode: 'passive', ...get },
  },
  {
    name: 'client-host-extended-passive',
    ...{ topology: PUBLIC, at: 'c', vantage: 'client', options: { side: 'client' } },
    server: { software: 'vsftpd' },
    client: { software: 'curl', ...get },
  },
  {
    // Behind NAT a client announces its inside address; the helper rewrites it and lets the server in.
    name: 'client-nat-active',
    ...{ topology: { client: 'nat', server: 'public' }, at: 'rc', vantage: 'client', options: { side: 'client' } },
    brokenBefore: true,
    server: { software: 'vsftpd', settings: { connect_from_port_20: 'YES' } },
    client: { software: 'lftp', mode: 'active', ...get },
  },
  {
    name: 'client-tls',
    ...{ topology: { client: 'nat', server: 'public' }, at: 'rc', vantage: 'client', options: { side: 'client' } },
    server: { software: 'vsftpd', tls: 'explicit', settings: { require_ssl_reuse: 'NO' } },
    client: { software: 'curl', tls: 'explicit', ...get },
    commands: OPEN_ROUTER,
  },
  {
    name: 'client-active-without-helper',
    ...{ topology: PUBLIC, at: 'c', vantage: 'client', options: { side: 'client', helper: false } },
    server: { software: 'vsftpd', settings: { connect_from_port_20: 'YES' } },
    client: { software: 'curl', mode: 'active', ...get },
  },
]
