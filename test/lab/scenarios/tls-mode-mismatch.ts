import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-mode-mismatch',
  side: 'client',
  alsoSide: ['server'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'tls-mode-mismatch',
  title: 'The client starts with TLS (implicit), the server expects AUTH TLS (explicit)',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit', port: 21 },
  client: { software: 'curl', tls: 'implicit', actions: [{ list: '/' }], timeout: 9 },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd', tls: 'explicit', port: 21 },
      client: { software: 'lftp', tls: 'implicit', actions: [{ list: '' }] },
    },
    'plain-on-990-curl': {
      title: 'Client without TLS on port 990: both sides wait',
      server: { software: 'vsftpd', tls: 'implicit' },
      client: { software: 'curl', actions: [{ list: '/' }], timeout: 9 },
      sample: ['client'],
    },
    'plain-on-990-inetutils': {
      title: 'Client without TLS on port 990: both sides wait',
      server: { software: 'proftpd', tls: 'implicit' },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }], timeout: 9 },
    },
  },
})
