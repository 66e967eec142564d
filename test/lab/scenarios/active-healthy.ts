import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'active-healthy',
  title: 'PORT from a client with a public address',
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }, { put: 'new.bin', size: 5000 }] },
  expect: healthy(2),
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'proftpd-ncftp': {
      server: { software: 'proftpd' },
      client: { software: 'ncftp', mode: 'active', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
    },
    'pure-ftpd-eprt': {
      title: 'EPRT over IPv4 from a client with a public address',
      server: { software: 'pure-ftpd' },
      client: { software: 'curl', mode: 'extended-active', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
    },
    'pyftpdlib-wget': {
      server: { software: 'pyftpdlib' },
      client: { software: 'wget', mode: 'active', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
    },
  },
})
