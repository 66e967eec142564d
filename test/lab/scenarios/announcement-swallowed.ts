import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'announcement-swallowed',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
} as const

export default defineScenario({
  name: 'announcement-swallowed',
  title: 'A box on the way swallows 227',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 'rs', forward: ['tcp sport 21 @ih,0,32 0x32323720 drop'] },
  // On the far side of the box the command is acknowledged and never answered.
  expect: {
    ...everywhere({ ...failed, cause: 'command-unanswered', also: ['announcement-swallowed'] }),
    server: failed,
  },
  sample: ['client', 'server'],
  variants: {
    'port-proftpd-tnftp': {
      title: "A box on the client's side swallows PORT",
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 9 },
      fault: { at: 'rc', forward: ['tcp dport 21 @ih,0,32 0x504f5254 drop'] },
      expect: {
        client: { ...failed, also: ['command-unanswered'] },
        middle: { outcome: 'undetermined', alsoOutcome: ['ok', 'failed'], cause: null, visible: false },
        server: { outcome: 'undetermined', alsoOutcome: ['ok', 'failed'], cause: null, visible: false },
      },
      sample: ['client'],
    },
  },
})
