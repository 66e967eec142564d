import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-port-refused',
  side: 'client',
  alsoSide: ['client-network', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'active-port-refused',
  title: "The client's firewall answers the server's data connection with RST",
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 'c', input: ['tcp flags & (syn|ack) == syn reject with tcp reset'] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'pure-ftpd-inetutils': {
      server: { software: 'pure-ftpd' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }], timeout: 10 },
    },
  },
})
