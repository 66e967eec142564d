import { defineScenario, everywhere, healthy } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'reply-out-of-step',
  side: 'server',
} as const

export default defineScenario({
  name: 'reply-out-of-step',
  title: 'The server confirms TYPE twice',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { replies: { TYPE: '200 Ok.\r\n200 Type set to I.' } } },
  client: { software: 'ftplib', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
  expect: everywhere(failed),
  variants: {
    'tolerated-curl': {
      title: 'The server confirms TYPE twice, and the client discards the second reply',
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
      expect: healthy(1),
    },
    'cwd-tnftp': {
      title: 'The server confirms CWD twice',
      server: { software: 'scripted', script: { replies: { CWD: '200 Ok.\r\n250 Directory changed.' } } },
      client: { software: 'tnftp', mode: 'passive', actions: [{ raw: 'cd pub' }, { get: 'report.bin' }], timeout: 8 },
    },
  },
})
