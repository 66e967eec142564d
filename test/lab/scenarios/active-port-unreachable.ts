import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-port-unreachable',
  side: 'client',
  alsoSide: ['client-network', 'path'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'active-port-unreachable',
  title: "The client's firewall answers the server's data connection with ICMP port unreachable",
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 'c', input: ['tcp flags & (syn|ack) == syn reject with icmp type port-unreachable'] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'router-proftpd-tnftp': {
      title: "The client's router answers the server's data connection with ICMP administratively prohibited",
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 10 },
      fault: {
        at: 'rc',
        forward: ['iifname "eth1" tcp flags & (syn|ack) == syn reject with icmp type admin-prohibited'],
      },
      expect: {
        client: {
          ...failed,
          cause: 'active-not-attempted',
          also: ['active-port-unreachable'],
          alsoSide: ['client-network', 'path', 'server', 'server-network', 'unknown'],
        },
      },
      sample: ['server'],
    },
  },
})
