import { defineScenario, everywhere } from '../scenario.js'

const unconfirmed = {
  outcome: 'degraded',
  alsoOutcome: ['failed'],
  cause: 'transfer-unconfirmed',
  side: 'server',
  alsoSide: ['unknown', 'path', 'server-network', 'client-network'],
} as const

export default defineScenario({
  name: 'transfer-unconfirmed',
  title: 'All data arrives and the server never sends 226',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { data: { final: null } } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
  expect: everywhere(unconfirmed),
  sample: ['client'],
  variants: {
    'swallowed-vsftpd-inetutils': {
      title: 'All data arrives and a middlebox drops 226',
      server: { software: 'vsftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
      fault: { at: 'rs', forward: ['tcp sport 21 @ih,0,24 0x323236 drop'] },
      expect: {
        server: {
          ...unconfirmed,
          also: ['control-idle-dropped'],
          knownWrong:
            'The 226 is retransmitted and never acknowledged, but no idle period precedes it: no rule covers a ' +
            'reply that is lost without one',
        },
      },
    },
  },
})
