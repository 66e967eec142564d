import { defineScenario, everywhere } from '../scenario.js'

export default defineScenario({
  name: 'ascii-mode-damage',
  title: 'A binary file is downloaded in ASCII mode',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'vsftpd',
    settings: { ascii_download_enable: 'YES', ascii_upload_enable: 'YES' },
    files: { 'picture.png': 6000 },
  },
  client: { software: 'curl', mode: 'passive', ascii: true, actions: [{ get: 'picture.png' }] },
  expect: everywhere({
    outcome: 'degraded',
    alsoOutcome: ['ok'],
    cause: 'ascii-mode-damage',
    also: [null],
    side: 'client',
    transfers: { attempted: 1, completed: 1 },
  }),
  sample: ['client'],
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', files: { 'archive.zip': 6000 } },
      client: { software: 'inetutils-ftp', mode: 'passive', ascii: true, actions: [{ get: 'archive.zip' }] },
    },
  },
})
