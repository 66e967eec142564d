import { LOGIN_AND_PASSIVE } from '../clients/script.js'
import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'transfer-stalled',
  side: 'path',
  alsoSide: ['server', 'server-network', 'client-network', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

const silentClient = {
  ...failed,
  also: ['session-timeout', 'data-connection-unused'],
  side: 'client',
  alsoSide: ['server', 'unknown'],
} as const

const SILENT_UPLOAD = [...LOGIN_AND_PASSIVE, { send: 'STOR new.bin' }, { expect: '1' }, { sleep: 9000 }] as const

export default defineScenario({
  name: 'transfer-stalled',
  title: 'A middlebox drops the packets of the data connection after ten kilobytes',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd', files: { 'long.bin': 30000 } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 9 },
  fault: {
    at: 'rs',
    forward: ['tcp sport 50000-50100 ct bytes > 10000 drop', 'tcp dport 50000-50100 ct bytes > 10000 drop'],
  },
  // Before the box no acknowledgment ever comes back, so full-size segments may be what is lost.
  expect: { ...everywhere(failed), server: { ...failed, also: ['path-mtu-blackhole'] } },
  sample: ['client'],
  variants: {
    'proftpd-inetutils': {
      server: { software: 'proftpd', files: { 'long.bin': 30000 } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 9 },
    },
    'server-hangs-wget': {
      title: 'The server stops sending in the middle of a file, then gives up with 426',
      server: {
        software: 'scripted',
        script: { data: { stopAfter: 3000, end: 'hold', final: { text: '426 Data timeout.', delayMs: 6000 } } },
      },
      client: { software: 'wget', actions: [{ get: 'report.bin' }], timeout: 12 },
      fault: [],
      expect: everywhere({
        ...failed,
        side: 'server',
        alsoSide: ['unknown'],
        also: ['transfer-incomplete', 'transfer-aborted'],
      }),
      sample: ['client'],
    },
    'upload-proftpd': {
      title: 'The client opens an upload and sends nothing; TimeoutStalled ends the session',
      server: { software: 'proftpd', settings: { TimeoutStalled: '6' } },
      client: { software: 'scripted', script: SILENT_UPLOAD },
      fault: [],
      expect: everywhere(silentClient),
    },
    'upload-vsftpd': {
      title: 'The client opens an upload and sends nothing; data_connection_timeout ends the session',
      server: { software: 'vsftpd', settings: { data_connection_timeout: '6' } },
      client: { software: 'scripted', script: SILENT_UPLOAD },
      fault: [],
      expect: everywhere(silentClient),
    },
    'upload-pyftpdlib': {
      title: 'The client opens an upload and sends nothing; the server ends the data connection',
      server: { software: 'pyftpdlib', settings: { dtp_timeout: '6' } },
      client: { software: 'scripted', script: SILENT_UPLOAD },
      fault: [],
      expect: everywhere(silentClient),
    },
  },
})
