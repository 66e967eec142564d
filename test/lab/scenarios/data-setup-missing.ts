import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN, QUIT } from '../clients/script.js'

export default defineScenario({
  name: 'data-setup-missing',
  title: 'LIST without a preceding PORT or PASV',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'scripted', script: [...LOGIN, { send: 'LIST' }, { expect: '425' }, ...QUIT] },
  expect: everywhere({
    outcome: 'failed',
    cause: 'data-setup-missing',
    side: 'client',
    alsoSide: ['path', 'client-network', 'unknown'],
    transfers: { attempted: 1, completed: 0 },
  }),
  sample: ['client'],
  variants: {
    'pure-ftpd': {
      server: { software: 'pure-ftpd' },
      client: { software: 'scripted', script: [...LOGIN, { send: 'RETR report.bin' }, { expect: '425' }, ...QUIT] },
    },
  },
})
