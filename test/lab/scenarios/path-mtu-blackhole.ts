import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'path-mtu-blackhole',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'path-mtu-blackhole',
  title: 'A link with MTU 1400, with ICMP "fragmentation needed" blocked: full-size segments are lost',
  topology: { client: 'nat', server: 'public', mtu: 1400 },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 11 },
  fault: { at: 'rs', output: ['icmp type destination-unreachable drop'] },
  // Beyond the line only what is missing is seen.
  expect: {
    ...everywhere(failed),
    client: {
      ...failed,
      also: ['transfer-stalled'],
      alsoSide: ['server-network', 'client-network', 'server', 'unknown'],
    },
    middle: {
      ...failed,
      also: ['transfer-stalled'],
      alsoSide: ['server-network', 'client-network', 'server', 'unknown'],
    },
  },
  sample: ['client'],
  variants: {
    'upload-proftpd-lftp': {
      title: 'An upload over a link with MTU 1400, with ICMP blocked: full-size segments are lost',
      topology: { client: 'nat', server: 'public' },
      server: { software: 'proftpd' },
      client: { software: 'lftp', mode: 'passive', actions: [{ put: 'new.bin', size: 8000 }], timeout: 11 },
      fault: [
        { at: 'i', commands: ['ip link set eth1 mtu 1400'] },
        { at: 'i', output: ['icmp type destination-unreachable drop'] },
      ],
      expect: {
        client: failed,
        middle: failed,
        server: {
          ...failed,
          also: ['transfer-stalled'],
          alsoSide: ['server-network', 'client-network', 'client', 'unknown'],
        },
      },
    },
  },
})
