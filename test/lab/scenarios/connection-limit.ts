import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'connection-limit',
  side: 'server',
  alsoSide: ['client', 'server-network', 'unknown'],
} as const

export default defineScenario({
  name: 'connection-limit',
  title: 'The server allows two connections per address; the client opens four',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', settings: { max_per_ip: '2' }, files: { 'slow.bin': 30000 } },
  client: { software: 'curl', parallel: 4, actions: [{ get: 'slow.bin', rate: 12000 }] },
  expect: everywhere(failed),
  variants: {
    'pure-ftpd-curl': {
      title: 'The server allows one connection per address; the client opens two',
      server: { software: 'pure-ftpd', settings: { '-C': '1', '-c': '20' }, files: { 'slow.bin': 12000 } },
      client: { software: 'curl', parallel: 2, actions: [{ get: 'slow.bin', rate: 6000 }] },
    },
    'proftpd-curl': {
      title: 'The server allows one connection per address; the client opens two',
      server: {
        software: 'proftpd',
        settings: { MaxClientsPerHost: '1', TransferRate: 'RETR 4' },
        files: { 'slow.bin': 12000 },
      },
      client: { software: 'curl', parallel: 2, actions: [{ get: 'slow.bin', rate: 6000 }] },
    },
    'firewall-vsftpd': {
      title: 'A firewall allows two connections per address; SYNs of further ones are dropped',
      server: {
        software: 'vsftpd',
        settings: { local_max_rate: '6000', trans_chunk_size: '4096' },
        files: { 'slow.bin': 60000 },
      },
      client: {
        software: 'curl',
        mode: 'passive',
        parallel: 4,
        actions: [{ get: 'slow.bin' }],
        timeout: 10,
      },
      fault: { at: 's1', input: ['tcp dport 21 ct state new ct count over 2 drop'] },
      expect: everywhere({ ...failed, also: ['control-unanswered'] }),
    },
    'user-proftpd-curl': {
      title: 'The server allows one session per user; the client opens two',
      server: {
        software: 'proftpd',
        settings: { MaxClientsPerUser: '1', TransferRate: 'RETR 4' },
        files: { 'slow.bin': 12000 },
      },
      client: { software: 'curl', parallel: 2, actions: [{ get: 'slow.bin' }] },
    },
    'all-vsftpd-wget': {
      title: 'The server allows one client; two connect',
      server: {
        software: 'vsftpd',
        settings: { max_clients: '1', local_max_rate: '6000', trans_chunk_size: '4096' },
        files: { 'slow.bin': 12000 },
      },
      client: { software: 'wget', parallel: 2, actions: [{ get: 'slow.bin' }] },
    },
    'pyftpdlib-lftp': {
      title: 'The server allows one connection per address; the client opens two',
      server: {
        software: 'pyftpdlib',
        settings: { max_cons_per_ip: '1', write_limit: '4000' },
        files: { 'slow.bin': 12000 },
      },
      client: { software: 'lftp', mode: 'passive', parallel: 2, actions: [{ get: 'slow.bin' }] },
    },
  },
})
