import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'control-reset',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
} as const

export default defineScenario({
  name: 'control-reset',
  title: 'An inspecting middlebox answers RETR with a forged RST',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 'rs', forward: ['tcp dport 21 @ih,0,32 0x52455452 reject with tcp reset'] },
  // The server never sees the reset: its session stays open until the client's data connection goes.
  expect: { ...everywhere(failed), server: { ...failed, visible: false } },
  sample: ['client'],
  variants: {
    'server-inetutils': {
      title: 'The server process crashes: RST after login',
      server: { software: 'scripted', script: { replies: { PASS: { text: '230 Login successful.', then: 'reset' } } } },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }] },
      fault: [],
      expect: everywhere({ ...failed, side: 'server', alsoSide: ['unknown', 'path'] }),
      sample: ['client', 'server'],
    },
    'list-proftpd-tnftp': {
      title: 'An inspecting middlebox answers LIST with a forged RST',
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'passive', actions: [{ list: '' }] },
      fault: { at: 'rs', forward: ['tcp dport 21 @ih,0,32 0x4c495354 reject with tcp reset'] },
    },
  },
})
