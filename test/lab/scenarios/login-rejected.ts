import { defineScenario, everywhere } from '../scenario.js'

const rejected = {
  outcome: 'failed',
  cause: 'login-rejected',
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'login-rejected',
  title: 'Wrong password',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', password: 'mistyped', actions: [{ list: '/' }] },
  expect: everywhere(rejected),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-ncftp': {
      server: { software: 'proftpd' },
      client: { software: 'ncftp', password: 'mistyped', actions: [{ get: 'report.bin' }] },
    },
    'pure-ftpd-lftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'lftp', password: 'mistyped', actions: [{ list: '' }] },
    },
    'userlist-vsftpd-ftplib': {
      title: 'The user is not in the list of permitted users: 530 to USER',
      server: {
        software: 'vsftpd',
        settings: { userlist_enable: 'YES', userlist_deny: 'NO', userlist_file: '/dev/null' },
      },
      client: { software: 'ftplib', actions: [{ list: '/' }] },
      fast: true,
    },
    'writable-root-vsftpd-curl': {
      title: '500 OOPS: the root of the chroot is writable',
      server: { software: 'vsftpd', settings: { allow_writeable_chroot: 'NO' } },
      client: { software: 'curl', actions: [{ list: '/' }] },
      fast: true,
    },
    'home-vsftpd-tnftp': {
      title: '500 OOPS: the home directory cannot be entered',
      server: { software: 'vsftpd', settings: { chroot_local_user: 'NO' }, homeMode: 0 },
      client: { software: 'tnftp', actions: [{ list: '' }] },
    },
    'home-proftpd-curl': {
      title: 'The home directory cannot be entered',
      server: { software: 'proftpd', homeMode: 0 },
      client: { software: 'curl', actions: [{ list: '/' }] },
    },
    'anonymous-only-vsftpd-ncftp': {
      title: 'The server accepts anonymous users only',
      server: { software: 'vsftpd', settings: { anonymous_enable: 'YES', local_enable: 'NO' }, homeMode: 0o555 },
      client: { software: 'ncftp', actions: [{ get: 'report.bin' }] },
    },
    'no-anonymous-pure-ftpd-wget': {
      title: 'The server does not accept anonymous users',
      server: { software: 'pure-ftpd' },
      client: { software: 'wget', user: 'anonymous', password: 'guest@', actions: [{ get: 'readme.txt' }] },
    },
    'banned-vsftpd-curl': {
      title: 'After two wrong passwords a ban drops the SYNs of the client',
      server: { software: 'vsftpd' },
      client: {
        software: 'curl',
        password: 'mistyped',
        actions: [{ list: '/' }, { list: '/' }, { list: '/' }],
        timeout: 18,
      },
      fault: { at: 's1', input: ['tcp dport 21 ct state new limit rate over 1/hour burst 2 packets drop'] },
      expect: everywhere({ ...rejected, findings: ['control-unanswered'] }),
    },
    'banned-proftpd-curl': {
      title: 'After two wrong passwords mod_ban refuses the client',
      server: {
        software: 'proftpd',
        settings: { BanEngine: 'on', BanOnEvent: 'MaxLoginAttempts 2/00:10:00 00:10:00', MaxLoginAttempts: '1' },
      },
      client: {
        software: 'curl',
        password: 'mistyped',
        actions: [{ list: '/' }, { list: '/' }, { list: '/' }],
      },
      expect: everywhere({ ...rejected, also: ['service-unavailable', 'greeting-missing'] }),
    },
  },
})
