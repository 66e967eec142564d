import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'control-handshake-incomplete',
  side: 'path',
  alsoSide: ['client-network', 'server-network', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'control-handshake-incomplete',
  title: 'A stateful firewall that sees only one direction passes the SYN and drops what follows',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ list: '/' }] },
  fault: { at: 'i', forward: ['tcp dport 21 tcp flags & syn != syn drop'] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  variants: {
    'return-path-lftp': {
      title: "The server's SYN-ACK is lost on the return path",
      server: { software: 'proftpd' },
      client: { software: 'lftp', actions: [{ list: '' }] },
      fault: { at: 'rs', forward: ['tcp sport 21 drop'] },
      // Beyond the box nothing tells this from a server that does not answer.
      expect: {
        client: { ...failed, cause: 'control-unanswered', alsoSide: ['server', 'server-network', 'unknown'] },
        middle: { ...failed, cause: 'control-unanswered', alsoSide: ['server', 'server-network', 'unknown'] },
      },
      sample: ['server'],
    },
  },
})
