import { LOGIN } from '../clients/script.js'
import { defineScenario, everywhere } from '../scenario.js'

/** The command never came by: only an idle session that the client closes. */
const UNSEEN_COMMAND = { outcome: 'undetermined', alsoOutcome: ['ok', 'failed'], cause: null, visible: false } as const

const failed = {
  outcome: 'failed',
  cause: 'announcement-swallowed',
  side: 'path',
  alsoSide: ['server-network', 'client-network', 'unknown', 'server'],
} as const

export default defineScenario({
  name: 'announcement-swallowed',
  title: 'A middlebox drops 227',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 9 },
  fault: { at: 'rs', forward: ['tcp sport 21 @ih,0,32 0x32323720 drop'] },
  // On the far side of the box the command is acknowledged and never answered.
  expect: {
    ...everywhere({ ...failed, cause: 'command-unanswered', also: ['announcement-swallowed'] }),
    server: failed,
  },
  sample: ['client', 'server'],
  variants: {
    'helper-split-227-curl': {
      title: "227 arrives in two segments; the FTP helper of the client's NAT (nf_conntrack_ftp) drops the first",
      topology: {
        client: 'nat',
        clientHelper: true,
        server: 'public',
        sysctl: { s1: { 'net.ipv4.tcp_retrans_collapse': '0' } },
      },
      server: {
        software: 'scripted',
        script: { replies: { PASV: { text: '227 Entering Passive Mode ({tuple}).', splitAt: 40 } } },
      },
      fault: [],
      expect: { middle: failed, server: failed },
      sample: ['client', 'server'],
    },
    'helper-port-blanks': {
      title: "Two spaces after PORT; the FTP helper of the client's NAT (nf_conntrack_ftp) drops it",
      topology: { client: 'nat', clientHelper: true, server: 'public' },
      client: {
        software: 'scripted',
        script: [...LOGIN, { listen: true }, { send: 'PORT  {tuple}' }, { expect: '200', timeoutMs: 7000 }],
      },
      fault: [],
      expect: {
        client: { ...failed, also: ['command-unanswered'] },
        middle: UNSEEN_COMMAND,
        server: UNSEEN_COMMAND,
      },
      sample: ['client'],
    },
    'port-proftpd-tnftp': {
      title: 'A middlebox on the client side drops PORT',
      server: { software: 'proftpd' },
      client: { software: 'tnftp', mode: 'active', actions: [{ list: '' }], timeout: 9 },
      fault: { at: 'rc', forward: ['tcp dport 21 @ih,0,32 0x504f5254 drop'] },
      expect: {
        client: { ...failed, also: ['command-unanswered'] },
        middle: UNSEEN_COMMAND,
        server: UNSEEN_COMMAND,
      },
      sample: ['client'],
    },
  },
})
