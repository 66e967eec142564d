import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-port-refused',
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const
const elsewhere = {
  ...failed,
  cause: 'passive-not-attempted',
  also: ['passive-port-refused'],
  alsoSide: ['client', 'client-network', 'path', 'server', 'unknown'],
} as const

export default defineScenario({
  name: 'passive-port-refused',
  title: 'The NAT in front of the server forwards port 21 but not the passive range',
  topology: { client: 'nat', server: 'nat', forward: null },
  server: { software: 'vsftpd', announce: '203.0.113.20' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  expect: { ...everywhere(failed), server: elsewhere },
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'reject-proftpd-inetutils': {
      title: "The server's firewall answers connections to the passive range with RST",
      topology: { client: 'nat', server: 'public' },
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
      fault: { at: 's1', input: ['tcp dport 50000-50100 reject with tcp reset'] },
      expect: everywhere({ ...failed, side: 'server', alsoSide: ['server-network', 'path', 'unknown'] }),
      sample: ['client', 'server'],
    },
    'pure-ftpd-wget': {
      server: { software: 'pure-ftpd', announce: '203.0.113.20' },
      client: { software: 'wget', actions: [{ get: 'report.bin' }] },
    },
  },
})
