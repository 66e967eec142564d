import { defineScenario, healthy, UNSEEN } from '../scenario.js'

const seen = { ...healthy(2), middle: UNSEEN }

export default defineScenario({
  name: 'lan-healthy',
  title: 'Client and server in the same private network',
  topology: { client: 'lan', server: 'private' },
  server: { software: 'vsftpd' },
  client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }, { get: 'report.bin' }] },
  expect: seen,
  sample: ['client'],
  fast: true,
  variants: {
    'active-proftpd-lftp': {
      server: { software: 'proftpd' },
      client: { software: 'lftp', mode: 'active', actions: [{ list: '' }, { get: 'report.bin' }] },
    },
    'routed-pure-ftpd-curl': {
      title: 'Two private networks joined by routers without translation',
      topology: { client: 'private', server: 'private' },
      server: { software: 'pure-ftpd' },
      client: { software: 'curl', mode: 'passive', actions: [{ list: '/' }, { get: 'report.bin' }] },
      expect: healthy(2),
      sample: ['client'],
    },
    'routed-active-vsftpd-tnftp': {
      title: 'Active mode between two private networks joined by routers without translation',
      topology: { client: 'private', server: 'private' },
      client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }, { get: 'report.bin' }] },
      expect: healthy(2),
    },
  },
})
