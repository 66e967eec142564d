import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'storage-full',
  side: 'server',
  transfers: { attempted: 1, completed: 0 },
} as const

/** 451 and the server's words "failure writing to local file": the code itself does not speak of storage. */
const inWords = everywhere({ ...failed, also: ['transfer-reset', 'transfer-aborted', 'transfer-incomplete'] })

export default defineScenario({
  name: 'storage-full',
  title: '552: the quota is exhausted',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'pure-ftpd', settings: { '-n': '20:1' } },
  client: { software: 'curl', mode: 'passive', actions: [{ put: 'new.bin', size: 1300000 }] },
  expect: everywhere({ ...failed, also: ['transfer-reset'] }),
  variants: {
    'disk-proftpd-curl': {
      title: "An upload fills the server's disk; the server answers 451",
      server: { software: 'proftpd', homeSize: 64 },
      client: { software: 'curl', mode: 'passive', actions: [{ put: 'new.bin', size: 90000 }] },
      expect: inWords,
    },
    'disk-vsftpd-inetutils': {
      title: "An upload fills the server's disk; the server answers 451",
      server: { software: 'vsftpd', homeSize: 64 },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ put: 'new.bin', size: 90000 }] },
      expect: inWords,
    },
    'scripted-tnftp': {
      server: { software: 'scripted', script: { replies: { STOR: '552 Exceeded storage allocation (disk quota).' } } },
      client: { software: 'tnftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
      expect: everywhere(failed),
      sample: ['client'],
    },
    '452-scripted-inetutils': {
      title: '452: no space left',
      server: { software: 'scripted', script: { replies: { STOR: '452 Insufficient storage space in system.' } } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
      expect: everywhere(failed),
    },
    'second-upload-pure-ftpd-ftplib': {
      title: 'The quota allows the first upload and not the second',
      server: { software: 'pure-ftpd', settings: { '-n': '20:1' } },
      client: {
        software: 'ftplib',
        mode: 'passive',
        actions: [
          { put: 'first.bin', size: 3000 },
          { put: 'second.bin', size: 1300000 },
        ],
      },
      expect: everywhere({ ...failed, alsoOutcome: ['degraded'], transfers: { attempted: 2, completed: 1 } }),
    },
    'files-pure-ftpd-ftplib': {
      title: 'The quota of the number of files is exhausted',
      server: { software: 'pure-ftpd', settings: { '-n': '1:10' } },
      client: {
        software: 'ftplib',
        mode: 'passive',
        actions: [
          { put: 'first.bin', size: 3000 },
          { put: 'second.bin', size: 3000 },
        ],
      },
      expect: everywhere({ ...failed, alsoOutcome: ['degraded'], transfers: { attempted: 2, completed: 1 } }),
    },
  },
})
