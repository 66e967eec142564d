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
    'listing-proftpd-ftplib': {
      title: 'LIST of a directory that does not exist',
      server: { software: 'proftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ list: 'absent' }] },
    },
    'chroot-path-pure-ftpd-ftplib': {
      title: '550: a path of the host, below the root of a chroot',
      server: { software: 'pure-ftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ get: '/srv/www/alice/readme.txt' }] },
      fast: true,
    },
    'decomposed-name-vsftpd-ftplib': {
      title: '550: the name has a decomposed umlaut, that of the file a composed one',
      server: { software: 'vsftpd', files: { 'gr\u00fc\u00dfe.txt': 'umlaut\n' } },
      client: { software: 'ftplib', mode: 'passive', actions: [{ get: 'gru\u0308\u00dfe.txt' }] },
    },
    'read-only-vsftpd-tnftp': {
      title: '550 to STOR: write commands are disabled',
      server: { software: 'vsftpd', settings: { write_enable: 'NO' } },
      client: { software: 'tnftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
    },
    'overwrite-proftpd-inetutils': {
      title: '550 to STOR: the file exists and may not be overwritten',
      server: { software: 'proftpd', settings: { AllowOverwrite: 'off' } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ put: 'readme.txt', size: 3000 }] },
    },
  },
})
