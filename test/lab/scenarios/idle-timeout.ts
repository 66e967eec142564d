import { defineScenario, everywhere } from '../scenario.js'

const idle = {
  outcome: 'degraded',
  alsoOutcome: ['failed', 'ok'],
  cause: 'idle-timeout',
  side: 'server',
  alsoSide: ['client'],
} as const

export default defineScenario({
  name: 'idle-timeout',
  title: 'The server ends a session that was idle for its timeout',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { idle_session_timeout: '4' } },
  client: {
    software: 'ftplib',
    mode: 'passive',
    actions: [{ get: 'readme.txt' }, { sleep: 6 }, { get: 'report.bin' }],
  },
  expect: everywhere(idle),
  sample: ['client'],
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', settings: { TimeoutIdle: '4' } },
      client: {
        software: 'inetutils-ftp',
        mode: 'passive',
        actions: [{ get: 'readme.txt' }, { sleep: 6 }, { get: 'report.bin' }],
      },
    },
    'vsftpd-tnftp': {
      server: { software: 'vsftpd', settings: { idle_session_timeout: '4' } },
      client: {
        software: 'tnftp',
        mode: 'passive',
        actions: [{ get: 'readme.txt' }, { sleep: 6 }, { get: 'report.bin' }],
      },
      sample: ['client'],
    },
    'pyftpdlib-ftplib': {
      server: { software: 'pyftpdlib', settings: { timeout: '4' } },
      client: {
        software: 'ftplib',
        mode: 'passive',
        actions: [{ get: 'readme.txt' }, { sleep: 6 }, { get: 'report.bin' }],
      },
    },
    'no-transfer-proftpd-ftplib': {
      title: 'NOOPs do not count: the server ends a session without transfers',
      server: { software: 'proftpd', settings: { TimeoutNoTransfer: '4' } },
      client: {
        software: 'ftplib',
        mode: 'passive',
        actions: [
          { get: 'readme.txt' },
          ...[1, 2, 3].flatMap(() => [{ sleep: 2 }, { raw: 'NOOP' }]),
          { get: 'report.bin' },
        ],
      },
    },
  },
})
