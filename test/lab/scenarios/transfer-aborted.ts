import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN_AND_PASSIVE, QUIT } from '../clients/script.js'

const aborted = {
  outcome: 'degraded',
  alsoOutcome: ['ok', 'failed'],
  cause: 'transfer-aborted',
  also: [null],
  side: 'client',
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'transfer-aborted',
  title: 'The client needs only the first hundred bytes and closes the data connection',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'vsftpd',
    files: { 'big.bin': 120000 },
    settings: { local_max_rate: '60000', trans_chunk_size: '4096' },
  },
  client: { software: 'curl', mode: 'passive', options: ['--range', '0-99'], actions: [{ get: 'big.bin' }] },
  expect: everywhere(aborted),
  variants: {
    'abor-proftpd': {
      title: 'ABOR in the middle of a download',
      server: { software: 'proftpd', files: { 'big.bin': 60000 }, settings: { TransferRate: 'RETR 8' } },
      client: {
        software: 'scripted',
        script: [
          ...LOGIN_AND_PASSIVE,
          { send: 'RETR big.bin' },
          { expect: '150' },
          { receive: 4000 },
          { send: 'ABOR' },
          { closeData: 'fin' },
          { expect: '426' },
          { expect: '226' },
          ...QUIT,
        ],
      },
    },
  },
})
