import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-public-address-inside',
  side: 'server-network',
  alsoSide: ['server'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-public-address-inside',
  title: 'The public address is announced to an internal client, and the router does not support hairpin NAT',
  topology: { client: 'lan', server: 'nat' },
  server: { software: 'vsftpd', announce: '203.0.113.20' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ list: '/' }] },
  fault: { at: 'rs', input: ['iifname "br0" ip daddr 203.0.113.20 drop'] },
  expect: { ...everywhere(failed), middle: { outcome: 'undetermined', cause: null, visible: false } },
  sample: ['client', 'server'],
  variants: {
    'proftpd-curl': {
      server: { software: 'proftpd', announce: '203.0.113.20' },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--no-ftp-skip-pasv-ip'],
        actions: [{ get: 'readme.txt' }],
      },
    },
  },
})
