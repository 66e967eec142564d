import { defineScenario, everywhere, type Fault } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'load-balancer-split',
  also: ['passive-port-refused'],
  side: 'server-network',
  alsoSide: ['server', 'unknown'],
} as const

/** Port 21 goes to the first server, passive ports to the second. */
const split: Fault = {
  at: 'rs',
  dnat: ['iifname "eth0" tcp dport 21 dnat to 10.0.0.21', 'iifname "eth0" tcp dport 50000-50100 dnat to 10.0.0.22'],
}

export default defineScenario({
  name: 'load-balancer-split',
  title: 'A balancer sends the data connection to another real server than the control connection',
  topology: {
    client: 'nat',
    server: 'nat',
    forward: null,
    servers: 2,
    sysctl: { s2: { 'net.ipv4.ip_default_ttl': '128' } },
  },
  server: { software: 'vsftpd', announce: '203.0.113.20' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  fault: split,
  // The first real server sees no data connection at all.
  expect: { ...everywhere(failed), server: { ...failed, cause: 'passive-not-attempted', visible: false } },
  sample: ['client', 'middle'],
  variants: {
    'pyftpdlib-inetutils': {
      title: 'A balancer without persistence: every other data connection reaches the other real server',
      topology: { client: 'nat', server: 'nat', forward: null, servers: 2 },
      server: { software: 'pyftpdlib', announce: '203.0.113.20' },
      client: {
        software: 'inetutils-ftp',
        mode: 'passive',
        actions: [{ list: '' }, { list: '' }, { list: '' }, { list: '' }],
      },
      fault: {
        at: 'rs',
        dnat: [
          'iifname "eth0" tcp dport 21 dnat to 10.0.0.21',
          'iifname "eth0" tcp dport 50000-50100 dnat to numgen inc mod 2 map { 0 : 10.0.0.21, 1 : 10.0.0.22 }',
        ],
      },
      sample: ['client'],
    },
  },
})
