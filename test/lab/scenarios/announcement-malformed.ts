import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'announcement-malformed',
  side: 'server',
  alsoSide: ['unknown', 'server-network'],
} as const
const octet = { replies: { EPSV: '500 Unknown command.', PASV: '227 Entering Passive Mode (203,0,113,300,195,81).' } }
const five = { replies: { EPSV: '500 Unknown command.', PASV: '227 Entering Passive Mode (203,0,113,130,195).' } }

export default defineScenario({
  name: 'announcement-malformed',
  title: '227 with an octet above 255',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: octet },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'five-numbers-inetutils': {
      title: '227 with five numbers',
      server: { software: 'scripted', script: five },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }] },
    },
    'epsv-port-curl': {
      title: '229 with a port above 65535',
      server: {
        software: 'scripted',
        script: { replies: { EPSV: '229 Entering Extended Passive Mode (|||70000|)', PASV: '502 Not implemented.' } },
      },
      client: { software: 'curl', actions: [{ list: '/' }] },
    },
  },
})
