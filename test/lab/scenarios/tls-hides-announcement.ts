import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-hides-announcement',
  side: 'server-network',
  alsoSide: ['path', 'client-network', 'server', 'unknown'],
} as const

export default defineScenario({
  name: 'tls-hides-announcement',
  title: "The server's NAT opens passive ports by reading 227, which TLS hides from it",
  topology: { client: 'nat', server: 'nat', serverHelper: true, forward: null },
  server: { software: 'vsftpd', tls: 'explicit', announce: '203.0.113.20', settings: { require_ssl_reuse: 'NO' } },
  client: { software: 'curl', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
  fault: { at: 'rs', input: ['iifname "eth0" tcp dport > 1023 drop'] },
  // Beside the server nothing but the encrypted control connection is seen.
  expect: { ...everywhere(failed), server: { ...failed, alsoOutcome: ['undetermined'], also: [null] } },
  // The keys show that a port was announced to which no SYN came.
  keyed: { server: { ...failed, also: ['passive-not-attempted'], alsoSide: [...failed.alsoSide, 'client'] } },
  sample: ['client', 'server'],
  variants: {
    'active-proftpd-lftp': {
      title: "The client's NAT rewrites PORT, which TLS hides from it",
      topology: { client: 'nat', clientHelper: true, server: 'public' },
      server: { software: 'proftpd', tls: 'explicit', settings: { TLSProtocol: 'TLSv1.2' } },
      client: {
        software: 'lftp',
        tls: 'explicit',
        mode: 'active',
        options: ['ftp:auto-passive-mode no'],
        actions: [{ get: 'readme.txt' }],
      },
      fault: [],
      // The server refuses PORT under TLS: no data connection at all, and the reply cannot be read.
      expect: everywhere({ ...failed, alsoOutcome: ['undetermined'], also: [null] }),
      keyed: everywhere({
        ...failed,
        also: ['active-private-address'],
        alsoSide: ['client-network', 'client', 'unknown'],
        transfers: { attempted: 1, completed: 0 },
      }),
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd', tls: 'explicit', announce: '203.0.113.20' },
      client: { software: 'basic-ftp', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
    },
  },
})
