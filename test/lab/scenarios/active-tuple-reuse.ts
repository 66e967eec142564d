import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN, QUIT, type Step } from '../clients/script.js'

/** Two listings to the same port of the client: the server's side of the first is still in TIME-WAIT. */
const listing: readonly Step[] = [
  { send: 'PORT {tuple}' },
  { expect: '200' },
  { send: 'LIST' },
  { expect: '', timeoutMs: 4000, mayFail: true },
  { receive: 'all', timeoutMs: 1500 },
  { expect: '', timeoutMs: 1500, mayFail: true },
]
const twice: readonly Step[] = [
  ...LOGIN,
  { listen: true },
  ...listing,
  { sleep: 200 },
  ...listing,
  { sleep: 500 },
  ...QUIT,
]

export default defineScenario({
  name: 'active-tuple-reuse',
  title: 'The client announces the same port twice; the server cannot reuse the tuple so soon',
  topology: { client: 'public', server: 'public', sysctl: { s1: { 'net.ipv4.tcp_timestamps': '0' } } },
  server: { software: 'vsftpd' },
  client: { software: 'scripted', script: twice },
  expect: everywhere({
    outcome: 'failed',
    alsoOutcome: ['degraded'],
    cause: 'active-tuple-reuse',
    also: ['active-not-attempted'],
    side: 'client',
    alsoSide: ['server', 'unknown'],
  }),
  sample: ['client'],
  variants: {
    'pure-ftpd': { server: { software: 'pure-ftpd' } },
    'works-vsftpd': {
      title: 'The client announces the same port twice; timestamps let the server reuse the tuple',
      topology: { client: 'public', server: 'public' },
      expect: everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 2, completed: 2 } }),
      sample: ['client'],
    },
  },
})
