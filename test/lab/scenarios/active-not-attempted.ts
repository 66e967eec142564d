import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-not-attempted',
  side: 'server',
  alsoSide: ['server-network', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'active-not-attempted',
  title: "The server's own firewall blocks its outgoing connections: 425 and no SYN",
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd', settings: { connect_timeout: '5' } },
  client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 's1', output: ['tcp flags & (syn|ack) == syn drop'] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  variants: {
    'rejected-proftpd-tnftp': {
      title: "The server's own firewall rejects its data connection: immediate 425",
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 9 },
      fault: { at: 's1', output: ['tcp flags & (syn|ack) == syn reject with icmp type admin-prohibited'] },
    },
    'router-pure-ftpd-inetutils': {
      title: "The server's router blocks outgoing connections",
      server: { software: 'pure-ftpd' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }], timeout: 9 },
      fault: { at: 'rs', forward: ['iifname "br0" tcp flags & (syn|ack) == syn drop'] },
      expect: {
        server: {
          ...failed,
          cause: 'active-port-unanswered',
          side: 'path',
          alsoSide: ['client', 'client-network', 'unknown', 'server-network'],
        },
      },
    },
  },
})
