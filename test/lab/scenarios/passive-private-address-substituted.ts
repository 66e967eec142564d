import { defineScenario, everywhere } from '../scenario.js'

export default defineScenario({
  name: 'passive-private-address-substituted',
  title: "227 announces the server's private address; the client connects to the control address instead",
  topology: { client: 'nat', server: 'nat' },
  server: { software: 'pyftpdlib' },
  client: { software: 'ncftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
  expect: everywhere({
    outcome: 'degraded',
    alsoOutcome: ['ok'],
    cause: 'passive-private-address',
    also: [null],
    transfers: { attempted: 1, completed: 1 },
  }),
  sample: ['client', 'server'],
  variants: {
    'vsftpd-curl': {
      server: { software: 'vsftpd' },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
    },
    'proftpd-lftp': {
      server: { software: 'proftpd' },
      client: { software: 'lftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
    },
  },
})
