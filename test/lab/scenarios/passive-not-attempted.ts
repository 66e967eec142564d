import { defineScenario } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-not-attempted',
  side: 'client',
  alsoSide: ['client-network', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'passive-not-attempted',
  title: "The client's own firewall blocks outgoing connections to high ports: no SYN leaves the machine",
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ list: '/' }] },
  fault: { at: 'c', output: ['tcp dport 50000-50100 drop'] },
  // Away from the client it may as well be a firewall on the way.
  expect: {
    client: failed,
    middle: { ...failed, alsoSide: [...failed.alsoSide, 'server-network'] },
    server: { ...failed, alsoSide: [...failed.alsoSide, 'server-network'] },
  },
  sample: ['client'],
  fast: true,
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd' },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ list: '' }], timeout: 9 },
    },
    'epsv-pyftpdlib-lftp': {
      server: { software: 'pyftpdlib' },
      client: { software: 'lftp', mode: 'extended-passive', actions: [{ list: '' }], timeout: 9 },
    },
  },
})
