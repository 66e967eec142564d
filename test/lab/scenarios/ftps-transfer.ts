import { everywhere, underTls, type Expectation } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** lftp names the file in PRET before it asks for it. */
const refused: Expectation = { outcome: 'failed', cause: 'transfer-refused', also: ['command-refused'] }
const full: Expectation = {
  outcome: 'failed',
  cause: 'storage-full',
  also: ['transfer-reset', 'transfer-aborted', 'transfer-incomplete'],
  side: 'server',
  transfers: { attempted: 1, completed: 0 },
}
const idle: Expectation = {
  outcome: 'degraded',
  alsoOutcome: ['failed', 'ok'],
  cause: 'idle-timeout',
  side: 'server',
  alsoSide: ['client'],
}
const aborted: Expectation = {
  outcome: 'failed',
  alsoOutcome: ['degraded'],
  cause: 'transfer-aborted',
  also: ['transfer-failed', 'transfer-incomplete'],
  side: 'server',
  alsoSide: ['client', 'unknown'],
}
const reset: Expectation = {
  outcome: 'failed',
  cause: 'transfer-reset',
  also: ['tls-handshake-failed'],
  side: 'server',
  alsoSide: ['server-network', 'unknown'],
}
const OUT_OF_STEP = 'curl, out of step after the reset, does not use the answer to PASV; the reset is a finding, too'
const stalled: Expectation = {
  outcome: 'failed',
  cause: 'transfer-stalled',
  side: 'path',
  alsoSide: ['server', 'server-network', 'client-network', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
}

export default [
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd ftplib 1.2', 'pure-ftpd lftp 1.3', 'pyftpdlib wget 1.2 implicit'],
    {
      name: 'ftps-transfer-refused',
      title: '550: the file does not exist, under TLS',
      topology: { client: 'nat', server: 'public' },
      sample: ['client'],
      ...underTls(everywhere(refused)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { actions: [{ get: 'absent.bin' }] }) }),
  ),
  ...underTlsBetween(
    ['proftpd curl 1.3', 'vsftpd ftplib 1.2'],
    {
      name: 'ftps-storage-full',
      title: "An upload fills the server's disk, under TLS",
      topology: { client: 'nat', server: 'public' },
      ...underTls(everywhere(full)),
    },
    (ends) => ({
      server: serverOf(ends, { homeSize: 64 }),
      client: clientOf(ends, { mode: 'passive', actions: [{ put: 'new.bin', size: 90_000 }] }),
    }),
  ),
  ...underTlsBetween(
    // In place of a 421, vsftpd says "500 OOPS" when its timer expires under TLS: only the length of a silence tells.
    ['vsftpd ftplib 1.3', 'pyftpdlib ftplib 1.2'],
    {
      name: 'ftps-idle-timeout',
      title: 'The server ends a session that was idle for its timeout, under TLS',
      topology: { client: 'nat', server: 'public' },
      ...underTls(everywhere(idle)),
    },
    (ends) => ({
      server: serverOf(ends, {
        settings: ends.server === 'vsftpd' ? { idle_session_timeout: '55' } : { timeout: '4' },
      }),
      client: clientOf(ends, {
        actions: [{ get: 'readme.txt' }, { sleep: ends.server === 'vsftpd' ? 58 : 6 }, { get: 'report.bin' }],
        timeout: 70,
      }),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd lftp 1.3', 'vsftpd lftp 1.3 implicit'],
    {
      name: 'ftps-upload-aborted',
      title: 'The server fails to read an upload of several records, and says 426',
      topology: { client: 'nat', server: 'public' },
      ...underTls(everywhere(aborted), ['transfer-reset']),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { actions: [{ put: 'new.bin', size: 40_000 }] }) }),
  ),
  ...underTlsBetween(
    ['pyftpdlib basic-ftp 1.2', 'pyftpdlib curl 1.3', 'pyftpdlib basic-ftp 1.3 implicit'],
    {
      name: 'ftps-early-hello-reset',
      title: 'The server resets data connections whose ClientHello comes before the transfer command',
      topology: { client: 'nat', server: 'public' },
      ...underTls(everywhere(reset)),
    },
    (ends) => ({
      server: serverOf(ends),
      client: clientOf(ends),
      ...(ends.client === 'curl' ? { keyed: everywhere({ ...reset, knownWrong: OUT_OF_STEP }) } : {}),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd wget 1.2'],
    {
      name: 'ftps-transfer-stalled',
      title: 'A middlebox drops the packets of the data connection after some kilobytes, under TLS',
      topology: { client: 'nat', server: 'public' },
      fault: {
        at: 'rs',
        forward: ['tcp sport 50000-50100 ct bytes > 15000 drop', 'tcp dport 50000-50100 ct bytes > 15000 drop'],
      },
      ...underTls({ ...everywhere(stalled), server: { ...stalled, also: ['path-mtu-blackhole'] } }),
    },
    (ends) => ({
      server: serverOf(ends, { files: { 'long.bin': 60_000 } }),
      client: clientOf(ends, { mode: 'passive', actions: [{ get: 'long.bin' }], timeout: 9 }),
    }),
  ),
]
