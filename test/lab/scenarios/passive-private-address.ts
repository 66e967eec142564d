import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-private-address',
  side: 'server-network',
  alsoSide: ['server'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-private-address',
  title: 'A server behind NAT announces its private address in 227',
  topology: { client: 'nat', server: 'nat' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ get: 'report.bin' }] },
  // At the server a private address is what is to be expected; that no SYN follows shows only that data never arrived.
  expect: { ...everywhere(failed), server: { ...failed, also: ['passive-not-attempted'] } },
  sample: ['client', 'middle', 'server'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      title: 'A server behind NAT announces its private address; the client refuses to connect to it',
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
    },
    'pyftpdlib-scripted': {
      server: { software: 'pyftpdlib' },
      client: {
        software: 'scripted',
        script: [
          { expect: '220' },
          { send: 'USER alice' },
          { expect: '331' },
          { send: 'PASS wonderland' },
          { expect: '230' },
          { send: 'PASV' },
          { expect: '227' },
          { dial: 'announced' },
        ],
      },
    },
  },
})
