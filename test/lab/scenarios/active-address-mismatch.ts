import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-address-mismatch',
  also: ['active-rejected', 'port-bounce'],
  side: 'client',
  alsoSide: ['client-network'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'active-address-mismatch',
  title: "PORT names a public address other than the client's; the server refuses it",
  topology: { client: 'public', server: 'public' },
  server: { software: 'vsftpd' },
  client: {
    software: 'lftp',
    mode: 'active',
    options: ['ftp:port-ipv4 198.51.100.200', 'ftp:auto-passive-mode no'],
    actions: [{ list: '' }],
  },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'proftpd-curl': {
      server: { software: 'proftpd' },
      client: {
        software: 'curl',
        options: ['--ftp-port', '198.51.100.200', '--disable-eprt'],
        actions: [{ list: '/' }],
      },
      fault: { at: 'c', commands: ['ip addr add 198.51.100.200/32 dev lo'] },
    },
    'dialled-vsftpd-lftp': {
      title: "PORT names a public address other than the client's; the server tries to connect to it",
      topology: { client: 'public', server: 'public', middle: 'towards-server' },
      server: {
        software: 'vsftpd',
        settings: { port_promiscuous: 'YES', connect_from_port_20: 'NO', connect_timeout: '5' },
      },
      fault: { at: 'i', commands: ['ip route add blackhole 198.51.100.200'] },
      expect: everywhere({ ...failed, also: ['active-port-unanswered', 'port-bounce', 'active-not-attempted'] }),
      sample: ['server'],
    },
  },
})
