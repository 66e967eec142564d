import { defineScenario, everywhere, type Expectation } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-port-unreachable',
  side: 'server-network',
  alsoSide: ['server', 'path'],
  transfers: { attempted: 1, completed: 0 },
} as const
/** Nothing of the data connection reaches the server's side. */
const elsewhere: Expectation = {
  ...failed,
  cause: 'passive-not-attempted',
  also: ['passive-port-unreachable'],
  alsoSide: ['client', 'client-network', 'path', 'server', 'unknown'],
}

export default defineScenario({
  name: 'passive-port-unreachable',
  title: 'A firewall in front of the server rejects the passive range with ICMP administratively prohibited',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ list: '/' }] },
  fault: { at: 'rs', forward: ['tcp dport 50000-50100 reject with icmp type admin-prohibited'] },
  expect: { ...everywhere(failed), server: elsewhere },
  sample: ['client', 'server'],
  variants: {
    'host-proftpd-inetutils': {
      title: "The server's firewall rejects the passive range with ICMP port unreachable",
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
      fault: { at: 's1', input: ['tcp dport 50000-50100 reject with icmp type port-unreachable'] },
      expect: everywhere({ ...failed, side: 'server', alsoSide: ['server-network'] }),
    },
    'ipv6-pure-ftpd-curl': {
      title: 'A firewall in front of the server rejects the passive range with ICMPv6 administratively prohibited',
      topology: { client: 'public', server: 'public', family: 6 },
      server: { software: 'pure-ftpd' },
      fault: { at: 'rs', forward: ['tcp dport 50000-50100 reject with icmpv6 type admin-prohibited'] },
      sample: ['client'],
    },
  },
})
