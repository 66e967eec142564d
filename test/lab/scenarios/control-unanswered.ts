import { defineScenario, everywhere, UNSEEN } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'control-unanswered',
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'control-unanswered',
  title: "The server's own firewall drops SYNs to port 21",
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ list: '/' }] },
  fault: { at: 's1', input: ['tcp dport 21 drop'] },
  expect: { ...everywhere(failed), server: { ...failed, side: 'server', alsoSide: ['server-network', 'unknown'] } },
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'path-wget': {
      title: 'A firewall on the path drops SYNs to port 21',
      server: { software: 'proftpd' },
      client: { software: 'wget', actions: [{ get: 'readme.txt' }] },
      fault: { at: 'rs', forward: ['tcp dport 21 drop'] },
      expect: { server: UNSEEN },
    },
  },
})
