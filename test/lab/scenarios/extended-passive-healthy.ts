import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'extended-passive-healthy',
  title: 'EPSV over IPv4: a listing and a download',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ list: '/' }, { get: 'readme.txt' }] },
  expect: healthy(2),
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'proftpd-tnftp': {
      server: { software: 'proftpd' },
      client: { software: 'tnftp', actions: [{ list: '' }, { get: 'report.bin' }] },
    },
    'pure-ftpd-lftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'lftp', mode: 'extended-passive', actions: [{ list: '' }, { get: 'report.bin' }] },
    },
    'pyftpdlib-basic-ftp': {
      server: { software: 'pyftpdlib' },
      client: { software: 'basic-ftp', actions: [{ list: '/' }, { get: 'report.bin' }] },
    },
  },
})
