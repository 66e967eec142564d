import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'greeting-missing',
  side: 'server',
  alsoSide: ['unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'greeting-missing',
  title: 'The server accepts the connection and sends nothing',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { greeting: null } },
  client: { software: 'curl', actions: [{ list: '/' }], timeout: 10 },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'closed-lftp': {
      title: 'The server accepts the connection and closes it silently',
      server: { software: 'scripted', script: { greeting: { delayMs: 200, then: 'close' } } },
      client: { software: 'lftp', actions: [{ list: '' }] },
      sample: ['client'],
    },
    'implicit-tls-on-21-inetutils': {
      title: 'A server for implicit TLS on port 21: both sides wait',
      server: { software: 'vsftpd', tls: 'implicit', port: 21 },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }], timeout: 10 },
      expect: everywhere({ ...failed, also: ['tls-mode-mismatch'] }),
    },
    'limit-proftpd-inetutils': {
      title: 'The server closes the connection silently: <Limit LOGIN> denies the address',
      server: { software: 'proftpd', settings: { '<Limit': 'LOGIN>\nDenyAll\n</Limit>' } },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
    },
  },
})
