import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'nat-server-healthy',
  title: 'A server behind NAT that announces its public address, with the range forwarded',
  topology: { client: 'nat', server: 'nat' },
  server: { software: 'vsftpd', announce: '203.0.113.20' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ get: 'report.bin' }] },
  expect: healthy(1),
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', announce: '203.0.113.20' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }, { put: 'new.bin', size: 5000 }] },
      expect: healthy(2),
    },
    'helper-vsftpd-inetutils': {
      title: 'A server behind a NAT that rewrites 227',
      topology: { client: 'nat', server: 'nat', serverHelper: true, forward: null },
      server: { software: 'vsftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }, { get: 'report.bin' }] },
      expect: healthy(2),
      sample: ['client', 'server'],
    },
    'helper-epsv-pure-ftpd-curl': {
      title: 'A server behind a NAT that tracks 229',
      topology: { client: 'nat', server: 'nat', serverHelper: true, forward: null },
      server: { software: 'pure-ftpd' },
      client: { software: 'curl', actions: [{ get: 'report.bin' }] },
      sample: ['client'],
    },
    'active-pyftpdlib-inetutils': {
      title: 'Active mode from behind a NAT with an FTP ALG to a server behind NAT',
      topology: { client: 'nat', server: 'nat', clientHelper: true },
      server: { software: 'pyftpdlib' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }, { get: 'report.bin' }] },
      expect: healthy(2),
    },
  },
})
