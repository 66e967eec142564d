import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'tls-interference',
  also: ['control-reset', 'tls-handshake-failed'],
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown'],
} as const

export default defineScenario({
  name: 'tls-interference',
  title: 'An inspecting middlebox resets the control connection when TLS starts',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', tls: 'explicit' },
  client: { software: 'curl', tls: 'explicit', actions: [{ list: '/' }], timeout: 9 },
  fault: { at: 'rs', forward: ['tcp dport 21 @ih,0,16 0x1603 reject with tcp reset'] },
  // The reset goes to the client only; the server sees a client that falls silent after AUTH.
  expect: { ...everywhere(failed), server: { ...failed, visible: false } },
  sample: ['client'],
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd', tls: 'explicit' },
      client: { software: 'lftp', tls: 'explicit', actions: [{ list: '' }], timeout: 9 },
    },
  },
})
