import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'path-outage',
  side: 'path',
  alsoSide: ['client', 'server', 'client-network', 'server-network', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'path-outage',
  title: 'During a download nothing passes any more, in either direction',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'vsftpd',
    settings: { local_max_rate: '20000', trans_chunk_size: '4096' },
    files: { 'long.bin': 200000 },
  },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 12 },
  fault: { at: 'rs', forward: ['drop'], afterMs: 3000 },
  // Who only waits cannot tell an outage from a peer that stopped; and the server is still retransmitting at the end.
  expect: everywhere({ ...failed, also: ['transfer-stalled', 'capture-ends-inside'], alsoOutcome: ['undetermined'] }),
  variants: {
    'upload-proftpd-curl': {
      title: 'During an upload nothing passes any more, in either direction',
      server: { software: 'proftpd' },
      client: {
        software: 'curl',
        mode: 'passive',
        options: ['--limit-rate', '20000'],
        actions: [{ put: 'long.bin', size: 400000 }],
        timeout: 12,
      },
    },
  },
})
