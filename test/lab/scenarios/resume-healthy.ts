import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'resume-healthy',
  title: 'A download is resumed with REST',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin', restart: 3500 }] },
  expect: healthy(1),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-ftplib': {
      server: { software: 'proftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ get: 'report.bin', restart: 3500 }] },
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'basic-ftp', actions: [{ get: 'report.bin', restart: 3500 }] },
    },
  },
})
