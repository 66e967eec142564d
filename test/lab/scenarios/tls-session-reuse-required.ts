import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-session-reuse-required',
  side: 'client',
  alsoSide: ['server'],
} as const

export default defineScenario({
  name: 'tls-session-reuse-required',
  title: 'The server requires TLS session reuse on the data connection; the client starts a new session',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit' },
  client: { software: 'ftplib', tls: 'explicit', tlsVersion: '1.2', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-ftplib': {
      server: { software: 'proftpd', tls: 'explicit' },
      client: { software: 'ftplib', tls: 'explicit', actions: [{ get: 'readme.txt' }] },
      sample: ['client'],
    },
    'vsftpd-wget': {
      server: { software: 'vsftpd', tls: 'explicit' },
      client: {
        software: 'wget',
        tls: 'explicit',
        options: ['--no-ftps-resume-ssl'],
        actions: [{ get: 'readme.txt' }],
      },
    },
    'second-transfer-proftpd-curl': {
      title: 'The client resumes the TLS session for an upload, and not for the download after it',
      server: { software: 'proftpd', tls: 'explicit' },
      client: { software: 'curl', tls: 'explicit', actions: [{ put: 'a.bin', size: 5000 }, { get: 'report.bin' }] },
    },
  },
})
