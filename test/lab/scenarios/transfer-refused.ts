import { defineScenario, everywhere } from '../scenario.js'

const refused = { outcome: 'failed', cause: 'transfer-refused' } as const

export default defineScenario({
  name: 'transfer-refused',
  title: '550: the file does not exist',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ get: 'absent.bin' }] },
  expect: everywhere(refused),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', actions: [{ get: 'absent.bin' }, { get: 'readme.txt' }] },
      expect: everywhere({ ...refused, outcome: 'degraded', transfers: { attempted: 2, completed: 1 } }),
    },
    'upload-vsftpd-curl': {
      title: '553: the directory is not writable',
      server: { software: 'vsftpd', homeMode: 0o555 },
      client: { software: 'curl', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
    },
    'upload-pure-ftpd-ncftp': {
      title: '553: the directory is not writable',
      server: { software: 'pure-ftpd', homeMode: 0o555 },
      client: { software: 'ncftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
    },
    'pyftpdlib-tnftp': {
      server: { software: 'pyftpdlib' },
      client: { software: 'tnftp', actions: [{ get: 'absent.bin' }] },
    },
  },
})
