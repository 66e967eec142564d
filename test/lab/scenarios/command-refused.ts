import { defineScenario, everywhere, healthy } from '../scenario.js'

const refused = {
  outcome: 'failed',
  cause: 'command-refused',
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'command-refused',
  title: '550 to CWD: the directory does not exist',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'proftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'nowhere/readme.txt' }] },
  expect: everywhere(refused),
  sample: ['client'],
  fast: true,
  variants: {
    'chroot-pure-ftpd-ftplib': {
      title: '550 to CWD: a path of the host, below the root of a chroot',
      server: { software: 'pure-ftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'CWD /srv/www/alice' }] },
    },
    'delete-vsftpd-ftplib': {
      title: '550 to DELE: the directory is not writable',
      server: { software: 'vsftpd', homeMode: 0o555 },
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'DELE readme.txt' }] },
    },
    'mkdir-pure-ftpd-ftplib': {
      title: '550 to MKD: the directory is not writable',
      server: { software: 'pure-ftpd', homeMode: 0o555 },
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'MKD new' }] },
    },
    'after-download-vsftpd-ftplib': {
      title: 'A download works, and the file may not be deleted',
      server: { software: 'vsftpd', homeMode: 0o555 },
      client: { software: 'ftplib', mode: 'passive', actions: [{ get: 'readme.txt' }, { raw: 'DELE readme.txt' }] },
      expect: everywhere({ ...refused, outcome: 'degraded', transfers: { attempted: 1, completed: 1 } }),
    },
    'ascii-size-healthy-proftpd-curl': {
      title: 'SIZE is refused in ASCII mode, and the client downloads all the same',
      server: { software: 'proftpd' },
      client: { software: 'curl', mode: 'passive', ascii: true, actions: [{ get: 'readme.txt' }] },
      expect: healthy(1),
    },
    'rmdir-proftpd-ftplib': {
      title: '550 to RMD: the directory is not empty',
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'RMD pub' }] },
      fast: true,
    },
    'rename-proftpd-ftplib': {
      title: '550 to RNTO: the directory of the new name does not exist',
      client: {
        software: 'ftplib',
        mode: 'passive',
        actions: [{ raw: 'RNFR readme.txt' }, { raw: 'RNTO absent/readme.txt' }],
      },
    },
    'rename-source-pure-ftpd-ftplib': {
      title: '550 to RNFR: the file does not exist',
      server: { software: 'pure-ftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'RNFR absent.bin' }] },
    },
    'chmod-vsftpd-lftp': {
      title: 'SITE CHMOD is not permitted',
      server: { software: 'vsftpd', settings: { chmod_enable: 'NO' } },
      client: { software: 'lftp', mode: 'passive', actions: [{ raw: 'chmod 640 readme.txt' }] },
    },
    'read-only-vsftpd-ftplib': {
      title: '550 Permission denied: write commands are disabled',
      server: { software: 'vsftpd', settings: { write_enable: 'NO' } },
      client: { software: 'ftplib', mode: 'passive', actions: [{ raw: 'MKD new' }] },
    },
  },
})
