import { defineScenario, everywhere, healthy } from '../scenario.js'
import { LOGIN, LOGIN_AND_PASSIVE, QUIT } from '../clients/script.js'

export default defineScenario({
  name: 'odd-dialogue-healthy',
  title: '226 before the last data',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { data: { finalFirst: true, pauseMs: 300 } } },
  client: { software: 'tnftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
  expect: healthy(1),
  sample: ['client'],
  fast: true,
  variants: {
    'no-parentheses-curl': {
      title: '227 without parentheses',
      server: { software: 'scripted', script: { replies: { PASV: '227 Entering Passive Mode {tuple}' } } },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
      sample: ['client'],
    },
    'multi-line-wget': {
      title: '227 in the last line of a multi-line reply',
      server: { software: 'scripted', script: { replies: { PASV: '227-listen socket created\r\n227 ({tuple})' } } },
      client: { software: 'wget', actions: [{ get: 'report.bin' }] },
    },
    'other-delimiter-curl': {
      title: '229 with exclamation marks',
      server: {
        software: 'scripted',
        script: { replies: { EPSV: '229 Entering Extended Passive Mode (!!!{port}!)' } },
      },
      client: { software: 'curl', actions: [{ get: 'report.bin' }] },
      sample: ['client'],
    },
    'keep-alive-vsftpd': {
      title: 'NOOPs keep an idle session open',
      server: { software: 'vsftpd', settings: { idle_session_timeout: '4' } },
      client: {
        software: 'scripted',
        script: [...LOGIN, ...[1, 2, 3].flatMap(() => [{ sleep: 2000 }, { send: 'NOOP' }, { expect: '200' }]), ...QUIT],
      },
      expect: healthy(0),
    },
    'anonymous-vsftpd-wget': {
      title: 'Anonymous download',
      server: { software: 'vsftpd', settings: { anonymous_enable: 'YES' }, homeMode: 0o555 },
      client: { software: 'wget', user: 'anonymous', password: 'guest@', actions: [{ get: 'readme.txt' }] },
      sample: ['client'],
    },
    'no-tls-lftp': {
      title: 'The client requests TLS, the server does not support it, and the client continues in clear text',
      server: { software: 'vsftpd' },
      client: {
        software: 'lftp',
        mode: 'passive',
        options: ['ftp:ssl-allow yes', 'ftp:ssl-force no'],
        actions: [{ list: '' }],
      },
      expect: everywhere({
        outcome: 'ok',
        alsoOutcome: ['degraded'],
        cause: null,
        also: ['tls-downgrade'],
        transfers: { attempted: 1, completed: 1 },
      }),
      sample: ['client'],
    },
    'abor-idle-pure-ftpd': {
      title: 'ABOR with nothing to abort',
      server: { software: 'pure-ftpd' },
      client: { software: 'scripted', script: [...LOGIN, { send: 'ABOR' }, { expect: '2' }, ...QUIT] },
      expect: healthy(0),
    },
    'slow-server-vsftpd-curl': {
      title: 'The server limits its rate: slow, and nothing is wrong',
      server: {
        software: 'vsftpd',
        settings: { local_max_rate: '8000', trans_chunk_size: '4096' },
        files: { 'long.bin': 30000 },
      },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'long.bin' }] },
    },
    'parallel-vsftpd-curl': {
      title: 'Four downloads at the same time',
      server: { software: 'vsftpd' },
      client: { software: 'curl', mode: 'passive', parallel: 4, actions: [{ get: 'report.bin' }] },
      expect: healthy(4),
    },
    'long-listing-pure-ftpd-ncftp': {
      title: 'A listing of several segments',
      server: {
        software: 'pure-ftpd',
        files: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`measurement-${index}.csv`, 10])),
      },
      client: { software: 'ncftp', mode: 'passive', actions: [{ list: '/' }] },
      expect: healthy(1),
    },
    'empty-listing-vsftpd-ftplib': {
      title: 'LIST of a directory that does not exist: an empty listing and 226',
      server: { software: 'vsftpd' },
      client: { software: 'ftplib', mode: 'passive', actions: [{ list: 'absent' }] },
    },
    'blanks-vsftpd-curl': {
      title: 'A name with blanks and one outside ASCII',
      server: { software: 'vsftpd', files: { 'two  words.txt': 'blanks\n', 'gr\u00fc\u00dfe.txt': 'umlaut\n' } },
      client: {
        software: 'curl',
        mode: 'passive',
        actions: [{ get: 'two%20%20words.txt' }, { get: 'gr%C3%BC%C3%9Fe.txt' }],
      },
      expect: healthy(2),
      fast: true,
    },
    'latin-1-name-proftpd-tnftp': {
      title: 'An upload under a name outside ASCII',
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'passive', actions: [{ put: 'gr\u00fc\u00dfe.txt', size: 700 }] },
      expect: healthy(1),
    },
    'line-feed-only-vsftpd': {
      title: 'A client that ends its lines with LF alone',
      server: { software: 'vsftpd' },
      client: {
        software: 'scripted',
        script: [
          { expect: '220' },
          { raw: 'USER alice\n' },
          { expect: '331' },
          { raw: 'PASS wonderland\n' },
          { expect: '230' },
          { raw: 'QUIT\n' },
          { expect: '221' },
        ],
      },
      expect: healthy(0),
    },
    'line-feed-only-tnftp': {
      title: 'A server that ends all lines with LF alone',
      server: {
        software: 'scripted',
        script: {
          greeting: { text: '220 Ready.\n', exact: true },
          replies: {
            USER: { text: '331 Password.\n', exact: true },
            PASS: { text: '230 Welcome.\n', exact: true },
            SYST: { text: '215 UNIX Type: L8\n', exact: true },
            FEAT: { text: '211-Features:\n EPSV\n211 End\n', exact: true },
            TYPE: { text: '200 Type set.\n', exact: true },
            PASV: { text: '227 Entering Passive Mode ({tuple}).\n', exact: true },
          },
          data: { final: { text: '226 Done.\n', exact: true } },
        },
      },
      client: { software: 'tnftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
    },
    'abor-answered-vsftpd': {
      title: 'ABOR with nothing to abort',
      server: { software: 'vsftpd', settings: { async_abor_enable: 'YES' } },
      client: { software: 'scripted', script: [...LOGIN, { send: 'ABOR' }, { expect: '2' }, ...QUIT] },
      expect: healthy(0),
    },
    'long-greeting-ncftp': {
      title: 'A greeting of three lines',
      server: {
        software: 'scripted',
        script: { greeting: '220-Welcome to Example\r\n220-Only for members\r\n220 Ready.' },
      },
      client: { software: 'ncftp', mode: 'passive', actions: [{ get: 'report.bin' }] },
      expect: healthy(1),
    },
    'ipv6-pasv-first-pure-ftpd-scripted': {
      title: 'PASV is refused over IPv6, and the client continues with EPSV',
      topology: { client: 'public', server: 'public', family: 6 },
      server: { software: 'pure-ftpd' },
      client: {
        software: 'scripted',
        script: [
          ...LOGIN,
          { send: 'TYPE I' },
          { expect: '200' },
          { send: 'PASV' },
          { expect: '', mayFail: true },
          { send: 'EPSV' },
          { expect: '229' },
          { dial: 'announced' },
          { send: 'RETR report.bin' },
          { expect: '150' },
          { receive: 'all' },
          { expect: '226' },
          ...QUIT,
        ],
      },
      expect: healthy(1),
    },
    'late-abor-vsftpd': {
      title: 'ABOR during a download, without urgent data: the server reads it when the download is complete',
      server: {
        software: 'vsftpd',
        files: { 'big.bin': 120000 },
        settings: { local_max_rate: '60000', trans_chunk_size: '4096' },
      },
      client: {
        software: 'scripted',
        script: [
          ...LOGIN_AND_PASSIVE,
          { send: 'RETR big.bin' },
          { expect: '150' },
          { receive: 4000 },
          { send: 'ABOR' },
          { expect: '226' },
          { expect: '225' },
          ...QUIT,
        ],
      },
      expect: healthy(1),
    },
  },
})
