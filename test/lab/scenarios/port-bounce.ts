import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN } from '../clients/script.js'

const bounce = {
  outcome: 'failed',
  alsoOutcome: ['ok', 'undetermined', 'degraded'],
  cause: 'port-bounce',
  also: ['active-rejected', 'active-address-mismatch'],
  side: 'client',
} as const

export default defineScenario({
  name: 'port-bounce',
  title: 'PORT names a third host and its port 25; the server refuses',
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd' },
  client: {
    software: 'scripted',
    script: [
      ...LOGIN,
      { send: 'PORT 203,0,113,131,0,25' },
      { expect: '500', mayFail: true },
      { send: 'QUIT' },
      { expect: '221' },
    ],
  },
  expect: everywhere(bounce),
  sample: ['client'],
  variants: {
    'dialled-pyftpdlib': {
      title: 'PORT names a third host and its port 25; the server connects to it',
      server: {
        software: 'pyftpdlib',
        settings: { permit_foreign_addresses: 'true', permit_privileged_ports: 'true' },
      },
      client: {
        software: 'scripted',
        script: [
          ...LOGIN,
          { send: 'PORT 203,0,113,131,0,25' },
          { expect: '4', mayFail: true },
          { send: 'QUIT' },
          { expect: '221', mayFail: true },
        ],
      },
      expect: everywhere({ ...bounce, also: ['active-rejected', 'active-address-mismatch', 'active-port-refused'] }),
      sample: ['server'],
    },
  },
})
