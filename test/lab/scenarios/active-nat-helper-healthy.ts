import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'active-nat-helper-healthy',
  title: 'PORT from behind a NAT that parses and rewrites it',
  topology: { client: 'nat', server: 'public', clientHelper: true },
  server: { software: 'vsftpd' },
  client: { software: 'lftp', mode: 'active', actions: [{ list: '' }, { get: 'report.bin' }] },
  expect: healthy(2),
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }, { get: 'report.bin' }] },
    },
    'pure-ftpd-curl-eprt': {
      title: 'EPRT from behind a NAT that parses and rewrites it',
      server: { software: 'pure-ftpd' },
      client: { software: 'curl', mode: 'extended-active', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
      sample: ['client'],
    },
  },
})
