import { defineScenario, everywhere, UNSEEN } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'control-unreachable',
  side: 'server-network',
  alsoSide: ['server', 'path'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'control-unreachable',
  title: 'A firewall in front of the server answers with ICMP administratively prohibited',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ list: '/' }] },
  fault: { at: 'rs', forward: ['tcp dport 21 reject with icmp type admin-prohibited'] },
  expect: { ...everywhere(failed), server: UNSEEN },
  sample: ['client'],
  fast: true,
  variants: {
    'host-lftp': {
      title: "The server's own firewall answers with ICMP port unreachable",
      client: { software: 'lftp', actions: [{ list: '' }] },
      fault: { at: 's1', input: ['tcp dport 21 reject with icmp type port-unreachable'] },
      expect: everywhere({ ...failed, side: 'server', alsoSide: ['server-network', 'path'] }),
      sample: ['client'],
    },
    'no-route-inetutils': {
      title: 'The Internet router has no route to the server',
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
      fault: { at: 'i', commands: ['ip route replace unreachable 203.0.113.128/25'] },
      expect: {
        ...everywhere({ ...failed, side: 'path', alsoSide: ['server-network', 'client-network'] }),
        server: UNSEEN,
      },
    },
    'ipv6-curl': {
      title: 'A firewall in front of the server answers with ICMPv6 administratively prohibited',
      topology: { client: 'public', server: 'public', family: 6 },
      fault: { at: 'rs', forward: ['tcp dport 21 reject with icmpv6 type admin-prohibited'] },
      sample: ['client'],
    },
  },
})
