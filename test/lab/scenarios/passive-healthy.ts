import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'passive-healthy',
  title: 'PASV download, client behind NAT, public server',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  expect: healthy(1),
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    proftpd: {
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }, { get: 'readme.txt' }] },
      expect: healthy(2),
    },
    'pure-ftpd': {
      server: { software: 'pure-ftpd' },
      client: { software: 'wget', actions: [{ get: 'report.bin' }] },
      sample: ['client'],
    },
    pyftpdlib: {
      server: { software: 'pyftpdlib' },
      client: { software: 'ftplib', actions: [{ list: '/' }, { get: 'report.bin' }] },
      expect: healthy(2),
    },
  },
})
