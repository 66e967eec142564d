import { defineScenario, everywhere, type Expectation } from '../scenario.js'

const ok: Expectation = { outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } }
/** Each session is there twice, once on each side of the router. */
const bothSides: Expectation = { outcome: 'ok', cause: null, findings: ['announcement-rewritten'] }

export default defineScenario({
  name: 'announcement-rewritten',
  title: "The client's NAT inserts its own address into PORT; captured on both sides of it",
  topology: { client: 'nat', clientHelper: true, server: 'public', captured: 'rc' },
  server: { software: 'vsftpd' },
  client: { software: 'lftp', mode: 'active', actions: [{ get: 'report.bin' }] },
  expect: { ...everywhere(ok), router: bothSides },
  fast: true,
  variants: {
    'eprt-proftpd-curl': {
      title: "The client's NAT inserts its own address into EPRT; captured on both sides of it",
      server: { software: 'proftpd' },
      client: { software: 'curl', mode: 'extended-active', actions: [{ list: '/' }] },
    },
    'pasv-pure-ftpd-wget': {
      title: "The server's NAT inserts its own address into 227; captured on both sides of it",
      topology: { client: 'nat', server: 'nat', serverHelper: true, forward: null, captured: 'rs' },
      server: { software: 'pure-ftpd' },
      client: { software: 'wget', actions: [{ get: 'report.bin' }] },
    },
  },
})
