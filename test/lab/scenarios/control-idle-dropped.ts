import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  alsoOutcome: ['degraded'],
  cause: 'control-idle-dropped',
  side: 'client-network',
  alsoSide: ['path', 'server-network', 'unknown'],
} as const

export default defineScenario({
  name: 'control-idle-dropped',
  title: "The client's NAT drops the idle control connection during a long download",
  topology: {
    client: 'nat',
    server: 'public',
    sysctl: {
      rc: { 'net.netfilter.nf_conntrack_tcp_timeout_established': '3', 'net.netfilter.nf_conntrack_tcp_loose': '0' },
    },
  },
  server: {
    software: 'vsftpd',
    files: { 'long.bin': 90000 },
    settings: { local_max_rate: '12000', trans_chunk_size: '4096' },
  },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 16 },
  fault: { at: 'rc', forward: ['tcp dport 21 ct state invalid drop'] },
  expect: { ...everywhere(failed), client: { ...failed, also: ['transfer-unconfirmed'] } },
  variants: {
    'proftpd-lftp': {
      server: { software: 'proftpd', files: { 'long.bin': 90000 }, settings: { TransferRate: 'RETR 12' } },
      client: { software: 'lftp', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 18 },
    },
  },
})
