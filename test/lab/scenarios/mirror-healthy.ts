import { defineScenario, healthy } from '../scenario.js'

export default defineScenario({
  name: 'mirror-healthy',
  title: 'A folder is mirrored',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'lftp', mode: 'passive', actions: [{ mirror: 'pub' }] },
  expect: healthy(3),
  sample: ['client'],
  variants: {
    'proftpd-ncftp': {
      server: { software: 'proftpd' },
      client: { software: 'ncftp', actions: [{ mirror: 'pub' }] },
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'basic-ftp', actions: [{ mirror: 'pub' }] },
    },
    'parallel-pyftpdlib-lftp': {
      title: 'A directory is mirrored over three parallel connections',
      server: { software: 'pyftpdlib' },
      client: {
        software: 'lftp',
        mode: 'passive',
        options: ['net:connection-limit 3'],
        actions: [{ raw: 'mirror --parallel=3 /' }],
      },
      expect: healthy(6),
    },
  },
})
