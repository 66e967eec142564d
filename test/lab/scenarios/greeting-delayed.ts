import { defineScenario, everywhere } from '../scenario.js'

const late = {
  outcome: 'degraded',
  cause: 'greeting-delayed',
  side: 'server',
  alsoSide: ['client-network', 'client', 'unknown', 'server-network'],
  transfers: { attempted: 1, completed: 1 },
} as const

export default defineScenario({
  name: 'greeting-delayed',
  title: 'The server sends an ident query, and the client does not answer on port 113',
  topology: { client: 'public', server: 'public' },
  server: { software: 'proftpd', settings: { IdentLookups: 'on' } },
  client: { software: 'curl', actions: [{ get: 'readme.txt' }], timeout: 16 },
  fault: { at: 'rc', forward: ['iifname "eth1" tcp dport 113 drop'] },
  expect: everywhere(late),
  sample: ['client', 'server'],
  variants: {
    'dns-proftpd-lftp': {
      title: "The server looks up the client's name, and its resolver does not answer",
      server: { software: 'proftpd', settings: { UseReverseDNS: 'on' }, resolver: '203.0.113.9' },
      client: { software: 'lftp', actions: [{ get: 'readme.txt' }], timeout: 16, options: ['net:timeout 14'] },
      fault: { at: 'i', commands: ['ip route add blackhole 203.0.113.9'] },
      sample: ['client'],
    },
    'dns-pure-ftpd-wget': {
      title: "The server looks up the client's name, and its resolver does not answer",
      server: { software: 'pure-ftpd', settings: { '-H': 'no' }, resolver: '203.0.113.9' },
      client: { software: 'wget', actions: [{ get: 'readme.txt' }], timeout: 16 },
      fault: { at: 'i', commands: ['ip route add blackhole 203.0.113.9'] },
    },
    'one-hundred-twenty': {
      title: '120: ready in a moment, then 220',
      server: {
        software: 'scripted',
        script: { greeting: [{ text: '120 Service ready in 1 minute.' }, { text: '220 Ready.', delayMs: 5000 }] },
      },
      client: {
        software: 'scripted',
        timeout: 16,
        script: [{ expect: '120' }, { expect: '220' }, { send: 'QUIT' }, { expect: '221' }],
      },
      fault: [],
      expect: everywhere({ ...late, transfers: { attempted: 0, completed: 0 } }),
    },
  },
})
