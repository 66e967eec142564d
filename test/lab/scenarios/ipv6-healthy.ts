import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'ipv6-healthy',
  title: 'EPSV over IPv6: a listing and a download',
  topology: { client: 'public', server: 'public', family: 6 },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ list: '/' }, { get: 'report.bin' }] },
  expect: healthy(2),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-tnftp': {
      server: { software: 'proftpd' },
      client: { software: 'tnftp', actions: [{ list: '' }, { get: 'readme.txt' }] },
    },
    'pure-ftpd-lftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'lftp', actions: [{ list: '' }, { put: 'new.bin', size: 5000 }] },
    },
    'pyftpdlib-active': {
      title: 'EPRT over IPv6',
      server: { software: 'pyftpdlib' },
      client: { software: 'ftplib', mode: 'active', actions: [{ list: '/' }, { get: 'report.bin' }] },
      sample: ['client'],
    },
  },
})
