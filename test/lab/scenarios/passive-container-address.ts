import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-private-address',
  side: 'server-network',
  alsoSide: ['server'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-container-address',
  title: "A server in a container announces the container's address",
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', announce: '172.17.0.2' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'carrier-nat-pure-ftpd-curl': {
      title: 'The server announces a carrier-grade NAT address (100.64.0.0/10)',
      server: { software: 'pure-ftpd', announce: '100.64.1.2' },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--no-ftp-skip-pasv-ip'],
        actions: [{ get: 'report.bin' }],
      },
      fault: { at: 'i', commands: ['ip route add blackhole 100.64.0.0/10'] },
      sample: ['client'],
    },
    'unreachable-proftpd-curl': {
      title: "The container's address is announced and the client's router has no route to it",
      server: { software: 'proftpd', announce: '172.17.0.2' },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--no-ftp-skip-pasv-ip'],
        actions: [{ get: 'report.bin' }],
      },
      fault: { at: 'rc', commands: ['ip route add unreachable 172.16.0.0/12'] },
    },
  },
})
