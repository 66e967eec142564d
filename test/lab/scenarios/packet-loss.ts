import { defineScenario, everywhere } from '../scenario.js'

const lossy = {
  outcome: 'degraded',
  alsoOutcome: ['ok'],
  cause: 'packet-loss',
  also: [null],
  side: 'path',
  alsoSide: ['client-network', 'server-network', 'unknown'],
  transfers: { attempted: 1, completed: 1 },
} as const

export default defineScenario({
  name: 'packet-loss',
  title: 'A link with 4 % packet loss',
  topology: { client: 'nat', server: 'public', loss: { client: 4, seed: 7 } },
  server: { software: 'vsftpd', files: { 'large.bin': 1500000 } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'large.bin' }], timeout: 30 },
  expect: everywhere(lossy),
  variants: {
    'upload-proftpd-lftp': {
      server: { software: 'proftpd' },
      client: {
        software: 'lftp',
        mode: 'passive',
        options: ['net:timeout 20'],
        actions: [{ put: 'large.bin', size: 1500000 }],
        timeout: 30,
      },
    },
  },
})
