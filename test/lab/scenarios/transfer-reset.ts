import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'transfer-reset',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'server', 'client', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'transfer-reset',
  title: 'A middlebox resets the data connection in the middle of a file',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', files: { 'long.bin': 30000 } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 9 },
  fault: {
    at: 'rs',
    forward: [
      'tcp sport 50000-50100 ct bytes > 10000 reject with tcp reset',
      'tcp dport 50000-50100 ct bytes > 10000 reject with tcp reset',
    ],
  },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'server-curl': {
      title: 'The server resets the data connection in the middle of a file and sends 426',
      server: {
        software: 'scripted',
        script: { data: { stopAfter: 3000, end: 'reset', final: '426 Failure reading from disk.' } },
      },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 9 },
      fault: [],
      expect: everywhere({ ...failed, side: 'server', alsoSide: ['unknown', 'path'] }),
    },
    'proftpd-inetutils': {
      server: { software: 'proftpd', files: { 'long.bin': 30000 } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 9 },
    },
  },
})
