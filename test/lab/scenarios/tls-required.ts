import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-required',
  side: 'client',
  alsoSide: ['server'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'tls-required',
  title: 'The server requires TLS before login; the client does not offer it',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit', tlsRequired: true },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', tls: 'explicit', tlsRequired: true },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
      // This client goes on asking for a listing after the refusal.
      expect: everywhere({
        outcome: 'failed',
        cause: 'tls-required',
        also: ['login-rejected'],
        side: 'client',
        alsoSide: ['server'],
      }),
      sample: ['client'],
    },
    'pure-ftpd-wget': {
      server: { software: 'pure-ftpd', tls: 'explicit', tlsRequired: true },
      client: { software: 'wget', actions: [{ get: 'readme.txt' }] },
    },
    'pyftpdlib-ncftp': {
      server: { software: 'pyftpdlib', tls: 'explicit', tlsRequired: true },
      client: { software: 'ncftp', actions: [{ get: 'readme.txt' }] },
    },
  },
})
