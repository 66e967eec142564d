import { defineScenario, everywhere } from '../scenario.js'

const client = {
  software: 'ftplib',
  mode: 'passive',
  tls: 'explicit',
  actions: [{ put: 'new.bin', size: 5000 }],
} as const

export default defineScenario({
  name: 'tls-close-missing',
  title: 'An upload under TLS 1.2 ends with FIN without close_notify, and the server reports a failure',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'strict-tls' },
  client: { ...client, tlsVersion: '1.2', options: ['ccc', 'no-close-notify'] },
  expect: everywhere({
    outcome: 'failed',
    alsoOutcome: ['degraded'],
    cause: 'tls-close-missing',
    side: 'client',
    transfers: { attempted: 1, completed: 0 },
  }),
  variants: {
    'lan-ftplib': {
      title: 'An upload under TLS 1.2 ends with FIN without close_notify; client and server in the same network',
      topology: { client: 'private', server: 'private' },
      client: {
        ...client,
        tlsVersion: '1.2',
        options: ['ccc', 'no-close-notify'],
        actions: [{ put: 'new.bin', size: 60000 }],
      },
    },
    'tolerated-proftpd-ftplib': {
      title: 'The same FIN without close_notify, and the server accepts it',
      server: {
        software: 'proftpd',
        tls: 'explicit',
        settings: { TLSProtocol: 'TLSv1.2', TLSOptions: 'NoSessionReuseRequired' },
      },
      client: { ...client, tlsVersion: '1.2', options: ['ccc', 'no-close-notify'] },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }),
    },
    'tolerated-pure-ftpd-ftplib': {
      title: 'The same FIN without close_notify, and the server accepts it',
      server: { software: 'pure-ftpd', tls: 'explicit' },
      client: { ...client, tlsVersion: '1.2', options: ['ccc', 'no-close-notify'] },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }),
    },
    'notified-ftplib': {
      title: 'An upload under TLS 1.2 that ends with close_notify, to a server that requires it',
      client: { ...client, tlsVersion: '1.2', options: ['ccc'] },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }),
    },
  },
})
