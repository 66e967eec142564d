import { defineScenario, everywhere } from '../scenario.js'

const failed = { outcome: 'failed', cause: 'active-rejected', side: 'server', alsoSide: ['client'] } as const

export default defineScenario({
  name: 'active-rejected',
  title: 'The server does not allow active mode',
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd', settings: { port_enable: 'NO' } },
  client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', settings: { '<Limit': 'PORT EPRT>\nDenyAll\n</Limit>' } },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }] },
    },
  },
})
