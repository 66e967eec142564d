import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'service-unavailable',
  side: 'server',
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'service-unavailable',
  title: 'TCP wrappers deny the client: 421 instead of a greeting',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { tcp_wrappers: 'YES' }, denyAll: true },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'scripted-inetutils': {
      title: '421: the server is shutting down',
      server: {
        software: 'scripted',
        script: { greeting: { text: '421 Service not available, server is shutting down.', then: 'close' } },
      },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
    },
  },
})
