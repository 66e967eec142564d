import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN, QUIT } from '../clients/script.js'

const hijacked = {
  outcome: 'failed',
  alsoOutcome: ['degraded'],
  cause: 'data-connection-hijack',
  also: ['data-peer-mismatch'],
  side: 'unknown',
  alsoSide: ['path', 'client', 'client-network', 'server', 'server-network'],
} as const

export default defineScenario({
  name: 'data-connection-hijack',
  title: 'A third host connects to the announced port before the client does, and gets the file',
  topology: { client: 'public', server: 'public', middle: 'towards-server' },
  server: { software: 'pyftpdlib', settings: { permit_foreign_addresses: 'true' } },
  client: {
    software: 'scripted',
    script: [
      ...LOGIN,
      { send: 'TYPE I' },
      { expect: '200' },
      { send: 'PASV' },
      { expect: '227' },
      { sleep: 2000 },
      { send: 'RETR report.bin' },
      { expect: '', mayFail: true, timeoutMs: 3000 },
      { dial: 'announced' },
      { receive: 'all', timeoutMs: 1500 },
      ...QUIT,
    ],
  },
  // The third host tries every passive port until one answers.
  fault: {
    at: 's2',
    afterMs: 900,
    commands: [
      `/usr/bin/python3 -c "
import socket, sys, time
for attempt in range(20):
    for port in range(50000, 50101):
        try:
            s = socket.create_connection(('203.0.113.130', port), 0.3)
        except OSError:
            continue
        s.settimeout(3)
        try:
            while s.recv(4096): pass
        except OSError:
            pass
        sys.exit()
    time.sleep(0.2)
"`,
    ],
  },
  // Beside the client and in the middle the third host is not seen: the client is refused, or finds the transfer done.
  expect: {
    ...everywhere({ ...hijacked, visible: false }),
    server: hijacked,
  },
  sample: ['server'],
  variants: {
    vsftpd: { server: { software: 'vsftpd', settings: { pasv_promiscuous: 'YES' } } },
  },
})
