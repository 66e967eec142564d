import { defineScenario, everywhere } from '../scenario.js'

/** A tracker that opens ports for 227 but does not know 229. */
const tracker = {
  at: 'rs',
  commands: [
    `nft -f - <<'END'
table ip tracker {
 set extended {
  type ipv4_addr
  flags dynamic
 }
 chain forward {
  type filter hook forward priority -5 ;
  tcp sport 21 @ih,0,24 0x323239 add @extended { ip daddr }
  tcp sport 21 @ih,0,24 0x323237 delete @extended { ip daddr }
  tcp dport 50000-50100 ip saddr @extended VERDICT
 }
}
END`,
  ],
} as const
const withVerdict = (verdict: string) => ({
  at: tracker.at,
  commands: tracker.commands.map((command) => command.replace('VERDICT', verdict)),
})

const degraded = {
  outcome: 'degraded',
  cause: 'extended-passive-blocked',
  side: 'server-network',
  alsoSide: ['path', 'server', 'unknown', 'client-network'],
  transfers: { attempted: 1, completed: 1 },
} as const

export default defineScenario({
  name: 'extended-passive-blocked',
  title: 'An FTP ALG on the path supports PASV but not EPSV: the first attempt is refused, the second works',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'vsftpd' },
  client: { software: 'curl', actions: [{ get: 'report.bin' }] },
  fault: withVerdict('reject with tcp reset'),
  // Beside the server the refused SYN is not seen: only that the client asked for PASV after EPSV.
  expect: { ...everywhere(degraded), server: { ...degraded, alsoOutcome: ['ok'], also: [null] } },
  sample: ['client'],
  fast: true,
  variants: {
    'dropped-proftpd-basic-ftp': {
      title: 'An FTP ALG on the path supports PASV but not EPSV: the first attempt is not answered, the second works',
      server: { software: 'proftpd' },
      client: { software: 'basic-ftp', actions: [{ get: 'report.bin' }], timeout: 16 },
      fault: withVerdict('drop'),
      sample: ['client'],
    },
    'pure-ftpd-basic-ftp': {
      server: { software: 'pure-ftpd' },
      client: { software: 'basic-ftp', actions: [{ get: 'report.bin' }] },
    },
  },
})
