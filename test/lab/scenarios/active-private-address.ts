import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'active-private-address',
  side: 'client-network',
  alsoSide: ['client'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default defineScenario({
  name: 'active-private-address',
  title: 'PORT from behind a NAT without an FTP ALG; the server tries to connect to the private address',
  topology: { client: 'nat', server: 'public', middle: 'towards-server' },
  server: { software: 'vsftpd', settings: { port_promiscuous: 'YES', connect_from_port_20: 'NO' } },
  client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 10 },
  expect: everywhere(failed),
  sample: ['client', 'server'],
  variants: {
    'refused-vsftpd-curl': {
      title: 'PORT from behind a NAT without an FTP ALG; the server refuses the private address',
      server: { software: 'vsftpd' },
      client: { software: 'curl', mode: 'active', actions: [{ get: 'report.bin' }] },
      // The server says no to the command; why is in the address.
      expect: everywhere({ ...failed, also: ['active-rejected'] }),
      sample: ['client', 'middle', 'server'],
      fast: true,
    },
    'refused-pure-ftpd-inetutils': {
      title: 'PORT from behind a NAT without an FTP ALG; the server refuses the private address',
      server: { software: 'pure-ftpd' },
      client: { software: 'inetutils-ftp', mode: 'active', actions: [{ list: '' }] },
      expect: everywhere({ ...failed, also: ['active-rejected'] }),
    },
    'substituted-proftpd-lftp': {
      title:
        "PORT from behind a NAT without an FTP ALG; the server connects to the control connection's address instead",
      server: { software: 'proftpd', settings: { AllowForeignAddress: 'on', TimeoutNoTransfer: '10' } },
      client: {
        software: 'lftp',
        mode: 'active',
        options: ['ftp:auto-passive-mode no'],
        actions: [{ list: '' }],
        timeout: 10,
      },
      expect: everywhere({ ...failed, also: ['active-port-unanswered'] }),
    },
  },
})
