import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN_AND_PASSIVE } from '../clients/script.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-unusable-address',
  side: 'server',
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-unusable-address',
  title: '227 announces 0.0.0.0: the client connects to itself',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', announce: '0.0.0.0' },
  client: { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  fast: true,
  variants: {
    'loopback-pure-ftpd-scripted': {
      title: '227 announces 127.0.0.1: the client connects to itself',
      server: { software: 'pure-ftpd', announce: '127.0.0.1' },
      client: { software: 'scripted', script: LOGIN_AND_PASSIVE },
      sample: ['client', 'server'],
    },
  },
})
