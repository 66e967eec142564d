import { defineScenario, everywhere } from '../scenario.js'

export default defineScenario({
  name: 'tls-unavailable',
  title: 'The client requires TLS, and the server does not offer it',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
  expect: everywhere({
    outcome: 'failed',
    cause: 'tls-unavailable',
    side: 'server',
    alsoSide: ['client'],
    transfers: { attempted: 0, completed: 0 },
  }),
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd' },
      client: { software: 'lftp', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
    },
    'pure-ftpd-ftplib': {
      server: { software: 'pure-ftpd' },
      client: { software: 'ftplib', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
    },
    'pyftpdlib-basic-ftp': {
      server: { software: 'pyftpdlib' },
      client: { software: 'basic-ftp', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
    },
  },
})
