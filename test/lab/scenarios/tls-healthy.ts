import { defineScenario, everywhere } from '../scenario.js'

/** Without the keys the transfers cannot be counted by their commands. */
const healthy = everywhere({ outcome: 'ok', cause: null })

export default defineScenario({
  name: 'tls-healthy',
  title: 'Explicit TLS, control and data encrypted',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit', settings: { require_ssl_reuse: 'NO' } },
  client: { software: 'curl', tls: 'explicit', actions: [{ list: '/' }, { get: 'readme.txt' }] },
  expect: healthy,
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd', tls: 'explicit', settings: { TLSProtocol: 'TLSv1.2' } },
      client: { software: 'lftp', tls: 'explicit', actions: [{ list: '' }, { get: 'readme.txt' }] },
      sample: ['client'],
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd', tls: 'explicit' },
      client: { software: 'basic-ftp', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
    },
    'pyftpdlib-ftplib': {
      server: { software: 'pyftpdlib', tls: 'explicit' },
      client: { software: 'ftplib', tls: 'explicit', actions: [{ list: '/' }, { put: 'new.bin', size: 4000 }] },
    },
    'implicit-vsftpd-curl': {
      title: 'Implicit TLS on port 990',
      server: { software: 'vsftpd', tls: 'implicit', settings: { require_ssl_reuse: 'NO' } },
      client: { software: 'curl', tls: 'implicit', actions: [{ get: 'readme.txt' }] },
      sample: ['client'],
    },
    'implicit-proftpd-lftp': {
      title: 'Implicit TLS on port 990',
      server: { software: 'proftpd', tls: 'implicit' },
      client: { software: 'lftp', tls: 'implicit', actions: [{ list: '' }] },
    },
    'clear-data-proftpd-ftplib': {
      title: 'Explicit TLS for the control connection, data in clear text',
      server: { software: 'proftpd', tls: 'explicit', settings: { TLSProtocol: 'TLSv1.2' } },
      client: { software: 'ftplib', tls: 'explicit', options: ['clear-data'], actions: [{ get: 'readme.txt' }] },
    },
    'nat-vsftpd-curl': {
      title: 'Explicit TLS to a correctly configured server behind NAT',
      topology: { client: 'nat', server: 'nat' },
      server: { software: 'vsftpd', tls: 'explicit', announce: '203.0.113.20', settings: { require_ssl_reuse: 'NO' } },
      client: { software: 'curl', tls: 'explicit', mode: 'passive', actions: [{ get: 'readme.txt' }] },
    },
    'transfers-vsftpd-lftp': {
      title: 'Explicit TLS: two uploads and a download',
      server: { software: 'vsftpd', tls: 'explicit' },
      client: {
        software: 'lftp',
        mode: 'passive',
        tls: 'explicit',
        actions: [{ put: 'a.bin', size: 5000 }, { put: 'b.bin', size: 9000 }, { get: 'report.bin' }],
      },
    },
    'transfers-proftpd-curl': {
      title: 'Explicit TLS: an upload and a download',
      server: { software: 'proftpd', tls: 'explicit', settings: { TLSOptions: 'NoSessionReuseRequired' } },
      client: { software: 'curl', tls: 'explicit', actions: [{ put: 'a.bin', size: 5000 }, { get: 'report.bin' }] },
    },
    'no-reuse-pure-ftpd-ftplib': {
      title: 'A new TLS session on each data connection, and the server does not require reuse',
      server: { software: 'pure-ftpd', tls: 'explicit' },
      client: {
        software: 'ftplib',
        tls: 'explicit',
        actions: [{ list: '/' }, { put: 'new.bin', size: 4000 }, { get: 'report.bin' }],
      },
    },
  },
})
