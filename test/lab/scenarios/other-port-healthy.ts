import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'other-port-healthy',
  title: 'The server listens on port 2121',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', port: 2121 },
  client: { software: 'curl', actions: [{ get: 'report.bin' }] },
  expect: healthy(1),
  sample: ['client'],
  variants: {
    'unusual-proftpd-inetutils': {
      title: 'The server listens on port 34567: only the content identifies FTP',
      server: { software: 'proftpd', port: 34567 },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
      sample: ['client'],
    },
  },
})
