import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'protection-mismatch',
  also: ['tls-required'],
  side: 'client',
  alsoSide: ['server'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'protection-mismatch',
  title: 'The server requires encrypted data, the client does not encrypt it: 522',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'vsftpd',
    tls: 'explicit',
    settings: { force_local_logins_ssl: 'NO', force_local_data_ssl: 'YES' },
  },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'readme.txt' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', tls: 'explicit', settings: { TLSRequired: 'data' } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
    },
  },
})
