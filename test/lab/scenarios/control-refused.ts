import { defineScenario, everywhere, UNSEEN } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'control-refused',
  side: 'server',
  alsoSide: ['server-network', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'control-refused',
  title: 'No FTP server is running: RST to the SYN',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'none' },
  client: { software: 'curl', actions: [{ list: '/' }] },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  fast: true,
  variants: {
    'firewall-lftp': {
      title: 'A firewall in front of the server answers the SYN to port 21 with RST',
      server: { software: 'vsftpd' },
      client: { software: 'lftp', actions: [{ list: '' }] },
      fault: { at: 'rs', forward: ['tcp dport 21 reject with tcp reset'] },
      // Nothing reaches the server's side: there is no session in that capture.
      expect: { server: UNSEEN },
      sample: ['client'],
    },
  },
})
