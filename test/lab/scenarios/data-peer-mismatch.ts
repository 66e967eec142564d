import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'data-peer-mismatch',
  side: 'client-network',
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'data-peer-mismatch',
  title: "The client's NAT has two uplinks: the data connection comes from another address than the control connection",
  topology: { client: 'nat', server: 'public', uplinks: ['198.51.100.2', '198.51.100.3'] },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  // Beside the client both connections have the same address: only the server's words tell.
  expect: everywhere(failed),
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    'vsftpd-inetutils': {
      server: { software: 'vsftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
      sample: ['client'],
    },
    'accepted-proftpd-inetutils': {
      title: 'The data connection comes from another address, and the server accepts it',
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }),
      sample: ['client', 'server'],
    },
    'pure-ftpd-wget': {
      server: { software: 'pure-ftpd' },
      client: { software: 'wget', actions: [{ get: 'report.bin' }] },
      // This server closes the data connection without a word; beside the client that looks like any other reset.
      expect: {
        client: {
          ...failed,
          also: [
            'command-unanswered',
            'transfer-incomplete',
            'transfer-reset',
            'transfer-stalled',
            'passive-port-refused',
          ],
          alsoSide: ['server', 'unknown', 'path'],
        },
      },
    },
  },
})
