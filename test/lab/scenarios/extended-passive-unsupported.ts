import { defineScenario, everywhere, healthy } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'extended-passive-unsupported',
  side: 'server',
  alsoSide: ['client'],
} as const

export default defineScenario({
  name: 'extended-passive-unsupported',
  title: 'The server does not allow EPSV; the client continues with PASV',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { cmds_denied: 'EPSV' } },
  client: { software: 'curl', actions: [{ get: 'report.bin' }] },
  expect: healthy(1),
  sample: ['client'],
  variants: {
    'proftpd-tnftp': {
      server: { software: 'proftpd', settings: { '<Limit': 'EPSV>\nDenyAll\n</Limit>' } },
      client: { software: 'tnftp', mode: 'extended-passive', actions: [{ get: 'report.bin' }] },
    },
    'scripted-basic-ftp': {
      server: { software: 'scripted', script: { replies: { EPSV: '500 EPSV not understood.' } } },
      client: { software: 'basic-ftp', actions: [{ get: 'report.bin' }] },
    },
    '200-scripted-curl': {
      title: '200 to EPSV, without a port',
      server: { software: 'scripted', script: { replies: { EPSV: '200 EPSV command successful.' } } },
      client: { software: 'curl', actions: [{ get: 'report.bin' }], timeout: 9 },
    },
    '202-scripted-lftp': {
      title: '202 to EPSV: superfluous',
      server: { software: 'scripted', script: { replies: { EPSV: '202 Command not implemented, superfluous.' } } },
      client: { software: 'lftp', mode: 'extended-passive', actions: [{ get: 'report.bin' }], timeout: 9 },
      expect: everywhere(failed),
    },
    '200-scripted-tnftp': {
      title: '200 to EPSV, without a port',
      server: { software: 'scripted', script: { replies: { EPSV: '200 EPSV command successful.' } } },
      client: { software: 'tnftp', mode: 'extended-passive', actions: [{ get: 'report.bin' }], timeout: 9 },
      expect: everywhere(failed),
    },
  },
})
