import { defineScenario, everywhere } from '../scenario.js'
import { LOGIN, LOGIN_AND_PASSIVE } from '../clients/script.js'

const failed = {
  outcome: 'failed',
  cause: 'command-unanswered',
  side: 'server',
  alsoSide: ['unknown', 'path', 'server-network'],
} as const

/** The command never came by: only an idle session that the client closes. */
const UNSEEN_COMMAND = { outcome: 'undetermined', alsoOutcome: ['ok', 'failed'], cause: null, visible: false } as const

export default defineScenario({
  name: 'command-unanswered',
  title: 'The server receives PASV and never answers',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { replies: { EPSV: null, PASV: null } } },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'swallowed-vsftpd-scripted': {
      title: 'A middlebox drops segments that contain SYST',
      server: { software: 'vsftpd' },
      client: {
        software: 'scripted',
        script: [...LOGIN, { send: 'SYST' }, { expect: '215', timeoutMs: 7000 }],
      },
      fault: { at: 'rs', forward: ['tcp dport 21 @ih,0,32 0x53595354 drop'] },
      expect: {
        client: { ...failed, side: 'path', alsoSide: ['server-network', 'server', 'unknown'] },
        middle: { ...failed, side: 'path', alsoSide: ['server-network', 'server', 'unknown'] },
        server: UNSEEN_COMMAND,
      },
      sample: ['client'],
    },
    'login-hangs-inetutils': {
      title: 'The server receives PASS and never answers',
      server: { software: 'scripted', script: { replies: { PASS: null } } },
      client: { software: 'inetutils-ftp', actions: [{ list: '' }], timeout: 8 },
    },
    'abor-scripted': {
      title: 'ABOR during a download is never answered',
      server: {
        software: 'scripted',
        script: { data: { stopAfter: 3000, end: 'hold', final: null }, replies: { ABOR: null } },
      },
      client: {
        software: 'scripted',
        script: [
          ...LOGIN_AND_PASSIVE,
          { send: 'RETR report.bin' },
          { expect: '150' },
          { receive: 3000 },
          { send: 'ABOR' },
          { expect: '226', timeoutMs: 7000 },
        ],
      },
      expect: everywhere({ ...failed, also: ['transfer-aborted', 'transfer-stalled', 'transfer-incomplete'] }),
    },
  },
})
