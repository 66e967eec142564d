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
    'user-vsftpd': {
      title: 'The server ends a session that waits for the password',
      server: { software: 'vsftpd', settings: { idle_session_timeout: '3' } },
      client: {
        software: 'scripted',
        script: [{ expect: '220' }, { send: 'USER alice' }, { expect: '331' }, { sleep: 5000 }],
      },
      expect: everywhere({
        outcome: 'failed',
        cause: 'idle-timeout',
        also: ['session-timeout'],
        side: 'server',
        alsoSide: ['client'],
        transfers: { attempted: 0, completed: 0 },
      }),
    },
  },
})
