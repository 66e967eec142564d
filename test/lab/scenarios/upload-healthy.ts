import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'upload-healthy',
  title: 'Upload in passive mode',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ put: 'new.bin', size: 7000 }] },
  expect: healthy(1),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-ncftp': {
      server: { software: 'proftpd' },
      client: { software: 'ncftp', actions: [{ put: 'new.bin', size: 7000 }] },
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'basic-ftp', actions: [{ put: 'new.bin', size: 7000 }] },
    },
    'empty-pyftpdlib-ftplib': {
      title: 'An empty file is uploaded, and one downloaded',
      server: { software: 'pyftpdlib', files: { 'empty.bin': 0 } },
      client: { software: 'ftplib', actions: [{ put: 'new.bin', size: 0 }, { get: 'empty.bin' }] },
      expect: healthy(2),
      sample: ['client'],
    },
  },
})
