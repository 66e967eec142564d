import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-port-unanswered',
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-port-unanswered',
  title: "The server's own firewall drops connections to the passive range",
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
  fault: { at: 's1', input: ['tcp dport 50000-50100 drop'] },
  expect: { ...everywhere(failed), server: { ...failed, side: 'server', alsoSide: ['server-network'] } },
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd' },
      client: { software: 'lftp', mode: 'passive', actions: [{ list: '' }], timeout: 20 },
    },
    'path-pure-ftpd-inetutils': {
      title: 'A firewall in front of the server drops connections to the passive range',
      server: { software: 'pure-ftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
      fault: { at: 'rs', forward: ['iifname "eth0" tcp dport 50000-50100 drop'] },
      // Nothing of the data connection reaches the server's side.
      expect: {
        server: {
          ...failed,
          cause: 'passive-not-attempted',
          also: ['passive-port-unanswered'],
          alsoSide: ['client', 'client-network', 'path', 'unknown'],
        },
      },
      sample: ['client', 'server'],
    },
    'return-path-proftpd-curl': {
      title: 'The SYN-ACKs of the passive range are lost on the return path',
      server: { software: 'proftpd' },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
      fault: { at: 'rs', forward: ['tcp sport 50000-50100 tcp flags & (syn | ack) == syn | ack drop'] },
    },
  },
})
