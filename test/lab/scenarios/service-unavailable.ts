import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'service-unavailable',
  side: 'server',
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'service-unavailable',
  title: 'TCP wrappers deny the client: 421 instead of a greeting',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { tcp_wrappers: 'YES' }, denyAll: true },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'scripted-inetutils': {
      title: '421: the server is shutting down',
      server: {
        software: 'scripted',
        script: { greeting: { text: '421 Service not available, server is shutting down.', then: 'close' } },
      },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
    },
    'log-file-vsftpd-curl': {
      title: '500 OOPS instead of a greeting: the log file cannot be opened',
      server: { software: 'vsftpd', settings: { vsftpd_log_file: '/nowhere/vsftpd.log' } },
      client: { software: 'curl', actions: [{ list: '/' }] },
      fast: true,
    },
    '530-scripted-ncftp': {
      title: '530 instead of a greeting',
      server: { software: 'scripted', script: { greeting: { text: '530 Not from your address.', then: 'close' } } },
      client: { software: 'ncftp', actions: [{ get: 'report.bin' }] },
    },
    'unreadable-home-pure-ftpd-ftplib': {
      title: '421 to LIST: the home directory cannot be read',
      server: { software: 'pure-ftpd', homeMode: 0 },
      client: { software: 'ftplib', actions: [{ list: '/' }] },
      expect: everywhere({ ...failed, also: ['transfer-refused'], transfers: { attempted: 1, completed: 0 } }),
    },
    'chroot-directory-vsftpd-lftp': {
      title: '500 OOPS instead of a greeting: secure_chroot_dir does not exist',
      server: { software: 'vsftpd', settings: { secure_chroot_dir: '/nowhere' } },
      client: { software: 'lftp', mode: 'passive', actions: [{ list: '' }] },
    },
  },
})
