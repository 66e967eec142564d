import { LOGIN } from '../clients/script.js'
import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'line-end-malformed',
  side: 'server',
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'line-end-malformed',
  title: 'The multi-line reply to FEAT has no last line',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { replies: { FEAT: '211-Features:\r\n MDTM\r\n SIZE' } } },
  client: { software: 'lftp', mode: 'passive', actions: [{ list: '' }], timeout: 9 },
  expect: everywhere(failed),
  variants: {
    'no-end-curl': {
      title: 'The reply to PWD has no line end',
      server: {
        software: 'scripted',
        script: { replies: { PWD: { text: '257 "/" is the current directory', exact: true } } },
      },
      client: { software: 'curl', actions: [{ list: '/' }], timeout: 8 },
    },
    'command-vsftpd': {
      title: 'The client ends a command with CR alone, and the server waits for more',
      server: { software: 'vsftpd' },
      client: {
        software: 'scripted',
        script: [...LOGIN, { raw: 'PWD\r' }, { expect: '257', timeoutMs: 7000 }],
      },
      expect: everywhere({ ...failed, side: 'client' }),
    },
  },
})
