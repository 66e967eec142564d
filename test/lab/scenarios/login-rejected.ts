import { defineScenario, everywhere } from '../scenario.js'

const rejected = {
  outcome: 'failed',
  cause: 'login-rejected',
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'login-rejected',
  title: 'Wrong password',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', password: 'mistyped', actions: [{ list: '/' }] },
  expect: everywhere(rejected),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-ncftp': {
      server: { software: 'proftpd' },
      client: { software: 'ncftp', password: 'mistyped', actions: [{ get: 'report.bin' }] },
    },
    'pure-ftpd-lftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'lftp', password: 'mistyped', actions: [{ list: '' }] },
    },
  },
})
