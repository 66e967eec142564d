import { defineScenario, everywhere } from '../scenario.js'

const ended = {
  outcome: 'failed',
  cause: 'session-timeout',
  side: 'server',
} as const

export default defineScenario({
  name: 'session-timeout',
  title: 'The server limits the length of a session; a download is interrupted',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'proftpd',
    settings: { TimeoutSession: '4', TransferRate: 'RETR 8' },
    files: { 'slow.bin': 120000 },
  },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'slow.bin' }] },
  expect: everywhere({ ...ended, transfers: { attempted: 1, completed: 0 } }),
  variants: {
    'login-proftpd': {
      title: 'The login takes longer than the server allows',
      server: { software: 'proftpd', settings: { TimeoutLogin: '3' } },
      client: {
        software: 'scripted',
        script: [{ expect: '220' }, { send: 'USER alice' }, { expect: '331' }, { sleep: 5000 }],
      },
      expect: everywhere({ ...ended, alsoSide: ['client'], transfers: { attempted: 0, completed: 0 } }),
      fast: true,
    },
    'session-proftpd-lftp': {
      title: 'The session ends between two downloads, and the client logs in again',
      server: { software: 'proftpd', settings: { TimeoutSession: '4' } },
      client: {
        software: 'lftp',
        mode: 'passive',
        actions: [{ get: 'readme.txt' }, { sleep: 2 }, { list: '' }, { sleep: 3 }, { get: 'report.bin' }],
      },
      expect: everywhere({ ...ended, outcome: 'degraded', alsoOutcome: ['ok', 'failed'], also: [null] }),
    },
    'password-vsftpd': {
      title: 'The server ends a session that waits for the password',
      server: { software: 'vsftpd', settings: { idle_session_timeout: '3' } },
      client: {
        software: 'scripted',
        script: [{ expect: '220' }, { send: 'USER alice' }, { expect: '331' }, { sleep: 5000 }],
      },
      expect: everywhere({ ...ended, side: 'client', transfers: { attempted: 0, completed: 0 } }),
    },
  },
})
