import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'transfer-incomplete',
  side: 'server',
  alsoSide: ['unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'transfer-incomplete',
  title: 'The server sends half of the file and then 226',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { data: { stopAfter: 3000 } } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  variants: {
    wget: { client: { software: 'wget', actions: [{ get: 'report.bin' }] } },
    'short-451-tnftp': {
      title: 'The server sends half of the file and then 451',
      server: {
        software: 'scripted',
        script: { data: { stopAfter: 3000, final: '451 Requested action aborted: local error in processing.' } },
      },
      client: { software: 'tnftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
      expect: everywhere({ ...failed, also: ['transfer-aborted'] }),
    },
  },
})
