import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN_AND_PASSIVE, QUIT } from '../clients/script.js'

export default defineScenario({
  name: 'zero-window',
  title: 'The client does not read for three seconds: its window goes to zero',
  topology: { client: 'nat', server: 'public', sysctl: { c: { 'net.ipv4.tcp_rmem': '4096 8192 8192' } } },
  server: { software: 'vsftpd', files: { 'long.bin': 60000 } },
  client: {
    software: 'scripted',
    script: [
      ...LOGIN_AND_PASSIVE,
      { pauseData: 3000 },
      { send: 'RETR long.bin' },
      { expect: '150' },
      { receive: 'all' },
      { expect: '226' },
      ...QUIT,
    ],
  },
  expect: everywhere({
    outcome: 'degraded',
    alsoOutcome: ['ok'],
    cause: 'zero-window',
    also: [null, 'transfer-slow'],
    side: 'client',
    transfers: { attempted: 1, completed: 1 },
  }),
  variants: {
    'proftpd-curl': {
      title: 'The client writes slowly: its window repeatedly goes to zero',
      server: { software: 'proftpd', files: { 'long.bin': 60000 } },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin', rate: 8000 }], timeout: 14 },
    },
  },
})
