import { LOGIN_AND_PASSIVE, QUIT } from '../clients/script.js'
import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'transfer-failed',
  also: ['transfer-refused'],
  side: 'server',
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'transfer-failed',
  title: 'An upload is to be resumed, which AllowStoreRestart forbids',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'proftpd', settings: { AllowStoreRestart: 'off' } },
  client: {
    software: 'scripted',
    script: [
      ...LOGIN_AND_PASSIVE,
      { send: 'REST 100' },
      { expect: '350' },
      { send: 'STOR readme.txt' },
      { expect: '4' },
      ...QUIT,
    ],
  },
  expect: everywhere(failed),
  variants: {
    'scripted-curl': {
      title: '451 to RETR: a local error',
      server: {
        software: 'scripted',
        script: { replies: { RETR: '451 Requested action aborted: local error in processing.' } },
      },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
    },
  },
})
