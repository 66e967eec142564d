import { defineScenario, everywhere } from '../scenario.js'

/** The client orders one server to send a file to the other; seen at the second server's side. */
export default defineScenario({
  name: 'fxp-healthy',
  title: 'The client instructs one server to send a file to another (FXP)',
  topology: { client: 'public', server: 'public', servers: 2, middle: 'towards-server' },
  server: {
    software: 'vsftpd',
    settings: { pasv_promiscuous: 'YES', port_promiscuous: 'YES', connect_from_port_20: 'NO' },
  },
  client: {
    software: 'lftp',
    mode: 'passive',
    options: ['ftp:use-fxp yes', 'ftp:fxp-passive-source no', 'ftp:fxp-force yes'],
    actions: [
      {
        raw: 'get ftp://alice:wonderland@203.0.113.130/report.bin -o ftp://alice:wonderland@203.0.113.131/copy.bin',
      },
    ],
  },
  expect: everywhere({ outcome: 'ok', alsoOutcome: ['degraded', 'undetermined'], cause: null, also: ['port-bounce'] }),
})
