import { defineScenario, everywhere, type Expectation } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-port-unanswered',
  side: 'client',
  alsoSide: ['client-network', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const
/** The server's SYN never gets as far as the client. */
const elsewhere: Expectation = {
  ...failed,
  cause: 'active-not-attempted',
  also: ['active-port-unanswered'],
  alsoSide: ['client-network', 'path', 'server', 'server-network', 'unknown'],
}

export default defineScenario({
  name: 'active-port-unanswered',
  title: "The client's own firewall drops the server's data connection",
  topology: { client: 'public', server: 'public', middle: 'towards-server' },
  server: { software: 'vsftpd', settings: { connect_timeout: '6' } },
  client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 12 },
  fault: { at: 'c', input: ['tcp flags syn tcp sport 20 drop'] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'router-proftpd-curl': {
      title: "The client's router drops the server's data connection",
      server: { software: 'proftpd' },
      client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }], timeout: 9 },
      fault: { at: 'rc', forward: ['iifname "eth1" tcp dport > 1023 tcp flags & (syn|ack) == syn drop'] },
      expect: { client: elsewhere },
      sample: ['client', 'middle'],
    },
    'port-20-only-pyftpdlib-lftp': {
      title: "The client's router allows data connections from port 20 only, and the server uses another port",
      server: { software: 'pyftpdlib' },
      client: {
        software: 'lftp',
        mode: 'active',
        options: ['ftp:auto-passive-mode no'],
        actions: [{ list: '' }],
        timeout: 10,
      },
      fault: { at: 'rc', forward: ['iifname "eth1" tcp sport != { 20, 21 } tcp flags & (syn|ack) == syn drop'] },
      expect: {
        ...everywhere({ ...failed, also: ['active-source-port'] }),
        client: { ...elsewhere, also: ['active-port-unanswered', 'active-source-port', 'command-unanswered'] },
      },
    },
  },
})
