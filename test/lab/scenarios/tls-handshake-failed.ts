import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-handshake-failed',
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'tls-handshake-failed',
  title: 'No TLS version in common: alert protocol_version',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'proftpd', tls: 'explicit', settings: { TLSProtocol: 'TLSv1.2' } },
  client: { software: 'curl', tls: 'explicit', options: ['--tlsv1.3'], actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'unknown-ca-proftpd-curl': {
      title: "The client does not trust the server's certificate; TLS 1.2 shows the alert",
      client: { software: 'curl', tls: 'explicit', options: ['--no-insecure'], actions: [{ list: '/' }] },
      sample: ['client'],
    },
    'unknown-ca-vsftpd-curl': {
      title: "The client does not trust the server's certificate; TLS 1.3 encrypts the alert",
      server: { software: 'vsftpd', tls: 'explicit' },
      client: { software: 'curl', tls: 'explicit', options: ['--no-insecure'], actions: [{ list: '/' }] },
    },
    'cipher-vsftpd-curl': {
      title: 'No cipher in common: alert handshake_failure',
      server: { software: 'vsftpd', tls: 'explicit', settings: { ssl_ciphers: 'AES256-SHA' } },
      client: {
        software: 'curl',
        tls: 'explicit',
        options: ['--tls-max', '1.2', '--ciphers', 'ECDHE-RSA-AES128-GCM-SHA256'],
        actions: [{ list: '/' }],
      },
    },
  },
})
