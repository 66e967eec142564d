import { defineScenario, everywhere } from '../scenario.js'

const injected = {
  outcome: 'failed',
  alsoOutcome: ['undetermined', 'degraded', 'ok'],
  cause: 'tls-command-injection',
  also: ['tls-handshake-failed', null],
  side: 'unknown',
  alsoSide: ['client', 'path', 'client-network', 'server', 'server-network'],
} as const

export default defineScenario({
  name: 'tls-command-injection',
  title: 'Clear-text commands follow AUTH TLS in the same segment',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit' },
  client: {
    software: 'scripted',
    script: [
      { expect: '220' },
      { raw: 'AUTH TLS\r\nUSER mallory\r\nPASS x\r\n' },
      { expect: '234', mayFail: true },
      { sleep: 1500 },
    ],
  },
  expect: everywhere(injected),
  sample: ['client'],
  variants: {
    'reply-scripted': {
      title: 'Clear-text reply lines follow 234 in the same segment',
      server: { software: 'scripted', script: { replies: { AUTH: '234 Proceed.\r\n230 Logged in without asking.' } } },
      client: {
        software: 'scripted',
        script: [{ expect: '220' }, { send: 'AUTH TLS' }, { expect: '2' }, { sleep: 1000 }],
      },
    },
  },
})
