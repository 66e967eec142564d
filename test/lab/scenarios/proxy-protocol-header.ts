import type { Step } from '../clients/script.js'
import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'proxy-protocol-header',
  side: 'server-network',
  alsoSide: ['client', 'server', 'client-network', 'path', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const

const HEADER = 'PROXY TCP4 198.51.100.7 203.0.113.130 50432 21\r\n'

const BEGINNING: readonly Step[] = [{ raw: HEADER }, { expect: '220' }]
const USER: readonly Step[] = [{ send: 'USER alice' }, { expect: '331', timeoutMs: 4000 }]

/** The client counts replies: the one to the header passes for the one to USER. */
const script: readonly Step[] = [...BEGINNING, { sleep: 300 }, ...USER]
/** USER and the reply to the header may cross. */
const crossing: readonly Step[] = [...BEGINNING, ...USER]

export default defineScenario({
  name: 'proxy-protocol-header',
  title: 'A load balancer sends a PROXY protocol header that the server does not expect',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'scripted', script },
  expect: everywhere(failed),
  fast: true,
  variants: {
    proftpd: { server: { software: 'proftpd' }, client: { software: 'scripted', script: crossing } },
    'pure-ftpd': { server: { software: 'pure-ftpd' } },
    pyftpdlib: { server: { software: 'pyftpdlib' }, client: { software: 'scripted', script: crossing } },
  },
})
