import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-rejected',
  side: 'server',
} as const

export default defineScenario({
  name: 'passive-rejected',
  title: 'The server does not allow passive mode',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { pasv_enable: 'NO' } },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', settings: { '<Limit': 'PASV EPSV>\nDenyAll\n</Limit>' } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
    },
    'busy-scripted-wget': {
      title: 'All ports of the passive range are in use: 425',
      server: {
        software: 'scripted',
        script: {
          replies: { PASV: '425 All reserved TCP ports are busy.', EPSV: '425 All reserved TCP ports are busy.' },
        },
      },
      client: { software: 'wget', actions: [{ get: 'readme.txt' }] },
      sample: ['client'],
    },
  },
})
