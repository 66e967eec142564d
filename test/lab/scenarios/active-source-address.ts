import { defineScenario, everywhere, type Fault } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-source-address',
  side: 'server-network',
  alsoSide: ['server'],
  transfers: { attempted: 1, completed: 0 },
} as const

/** The real server's own connections leave with another address than the one clients dial. */
const otherSource: Fault = {
  at: 'rs',
  commands: ['ip addr add 203.0.113.21/25 dev eth0'],
  snat: ['oifname "eth0" ip saddr 10.0.0.21 ct direction original snat to 203.0.113.21'],
}

export default defineScenario({
  name: 'active-source-address',
  title: "A real server behind a load balancer connects from its own address; the client's NAT drops the connection",
  topology: { client: 'nat', clientHelper: true, server: 'nat', middle: 'towards-server' },
  server: { software: 'vsftpd', settings: { connect_timeout: '5' } },
  client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: otherSource,
  // The SYN does not get through to the client; beside the server it is not yet translated.
  expect: {
    ...everywhere(failed),
    client: {
      ...failed,
      cause: 'active-not-attempted',
      also: ['active-port-unanswered', 'active-private-address'],
      // The private address in PORT is what the client's own side shows before its NAT translates it.
      alsoSide: ['server', 'path', 'client-network', 'unknown'],
    },
    server: { ...failed, cause: 'active-port-unanswered', alsoSide: ['client', 'client-network', 'path', 'unknown'] },
  },
  sample: ['middle'],
  variants: {
    'works-proftpd-inetutils': {
      title: 'A real server behind a load balancer connects from its own address; the client accepts it',
      topology: { client: 'public', server: 'nat', middle: 'towards-server' },
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }] },
      expect: everywhere({
        outcome: 'ok',
        alsoOutcome: ['degraded'],
        cause: null,
        also: ['active-source-address'],
        transfers: { attempted: 1, completed: 1 },
      }),
      sample: ['client'],
    },
    'dropped-pyftpdlib-curl': {
      title:
        "The server connects from another address; the client's firewall allows only the one the client connected to",
      topology: { client: 'public', server: 'nat', middle: 'towards-server' },
      server: { software: 'pyftpdlib' },
      fault: [otherSource, { at: 'c', input: ['ip saddr != 203.0.113.20 ip protocol tcp drop'] }],
      expect: { client: failed },
      sample: ['client'],
    },
  },
})
