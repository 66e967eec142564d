import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-address-mismatch',
  side: 'server',
  alsoSide: ['server-network'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-address-mismatch',
  title: "227 announces a public address that is not the server's",
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', announce: '203.0.113.77' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ list: '/' }] },
  fault: { at: 'i', commands: ['ip route add blackhole 203.0.113.77'] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-curl': {
      server: { software: 'proftpd', announce: '203.0.113.77' },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--no-ftp-skip-pasv-ip'],
        actions: [{ get: 'readme.txt' }],
      },
    },
    'works-pyftpdlib-curl': {
      title: '227 announces another address of the same host, and the transfer works',
      server: { software: 'pyftpdlib', announce: '203.0.113.132', settings: {} },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--no-ftp-skip-pasv-ip'],
        actions: [{ get: 'readme.txt' }],
      },
      fault: {
        at: 's1',
        commands: ['ip addr add 203.0.113.132/25 dev eth0'],
        dnat: ['ip daddr 203.0.113.132 tcp dport 50000-50100 dnat to 203.0.113.130'],
      },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }),
      sample: ['client'],
    },
  },
})
