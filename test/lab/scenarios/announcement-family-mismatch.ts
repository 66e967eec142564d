import { defineScenario, everywhere } from '../scenario.js'

const warned = {
  outcome: 'ok',
  alsoOutcome: ['degraded'],
  cause: null,
  also: ['announcement-family-mismatch'],
} as const

export default defineScenario({
  name: 'announcement-family-mismatch',
  title: '227 in reply to EPSV; the client retries with PASV',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { replies: { EPSV: '227 Entering Passive Mode ({tuple}).' } } },
  client: { software: 'curl', actions: [{ get: 'report.bin' }] },
  expect: everywhere(warned),
  sample: ['client'],
  variants: {
    'used-scripted': {
      title: '229 in reply to PASV; the client connects to the port anyway',
      server: {
        software: 'scripted',
        script: { replies: { PASV: '229 Entering Extended Passive Mode (|||{port}|)' } },
      },
      client: {
        software: 'scripted',
        script: [
          { expect: '220' },
          { send: 'USER alice' },
          { expect: '331' },
          { send: 'PASS wonderland' },
          { expect: '230' },
          { send: 'PASV' },
          { expect: '229' },
          { dial: 'announced' },
          { send: 'RETR report.bin' },
          { expect: '150' },
          { receive: 'all' },
          { expect: '226' },
          { send: 'QUIT' },
          { expect: '221' },
        ],
      },
    },
    tnftp: {
      title: '227 in reply to EPSV',
      client: { software: 'tnftp', mode: 'extended-passive', actions: [{ get: 'report.bin' }], timeout: 9 },
    },
  },
})
