import { senderOf } from '../../facts/control.js'
import { resetsAtOnce } from '../../facts/reset-origin.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, commandEvidence } from '../../words/evidence.js'

/** A forged RST broke the control connection under TLS. */
interface BrokenTls extends Fact, Ends {
  kind: 'in-handshake' | 'in-session'
  /** Address in whose name the RST came. */
  resetFrom: string
  /** TTL of the RST, and that of the other packets of the host. */
  ttl: number
  usualTtl: number
}

export const tlsInterference = defineRule<BrokenTls>({
  id: 'tls-interference',
  title: 'middlebox breaks TLS',
  severity: 'error',
  side: 'path',
  level: 'cause',
  identifiesResets: true,
  explains: ['capture-ends-inside'],
  proves: 'firewall',
  references: ['RFC 4217 §2', 'RFC 9293 §3.5.3', 'RFC 3128 §2.2 (forged RST)'],
  samples: { reports: 'made/tls-interference.pcap', silent: 'made/tls-interference--silent.pcap' },
  needs: ['tls', 'reset'],

  *check(session, facts) {
    const { control, dialogue } = session
    const { auth } = facts
    // With the reply to AUTH TLS is agreed: it begins with the next byte.
    const began = dialogue.opaqueFrom ?? auth?.replies.find(({ code }) => code === 234)
    if (!began || dialogue.clearAgain) return
    const reset = control.resets.find(({ answersSyn, frame }) => !answersSyn && frame > began.frame)
    if (!reset || control.flows.some(({ fin }) => fin !== null && fin.frame < reset.frame)) return
    // Where both ends are reset at once, the one in the name of the host whose packets look otherwise was forged.
    for (const forged of [reset, ...resetsAtOnce(control, reset)]) {
      const origin = facts.origin(control, forged)
      if (!origin.foreign) continue
      const ttl = forged.hopLimit
      const usualTtl = origin.usual
      const resetFrom = session[senderOf(forged.direction)].address
      const kind = dialogue.tls?.established === true ? 'in-session' : 'in-handshake'
      yield {
        fact: { kind, ...endsOf(session), resetFrom, ttl, usualTtl },
        confidence: 'high',
        evidence: [
          at(forged, `RST in the name of ${resetFrom} (TTL ${ttl}; its other packets ${usualTtl})`),
          at(began, dialogue.opaqueFrom ? 'TLS begins' : 'TLS is agreed'),
          ...(auth ? [commandEvidence(auth)] : []),
        ],
        rivals: ['control-reset'],
      }
      return
    }
  },

  texts: {
    message({ kind, client, server, resetFrom, ttl, usualTtl }) {
      const when = kind === 'in-session' ? 'in the session' : 'in its handshake'
      const broken = `The TLS of ${client} with ${endpointWords(server)} was broken ${when}`
      const reset = `a RST in the name of ${resetFrom} whose TTL ${ttl} is not that host's (${usualTtl})`
      return `${broken} by ${reset}: a box on the way that inspects FTP sent it.`
    },
  },

  remedy() {
    const boxes = [
      'Cisco ASA: no inspect ftp for it, or policy-map with allow-tls',
      'FortiGate: session helper ftp off',
      'SonicWall, Sophos, Juniper: FTP ALG off',
    ].join('; ')
    return [
      `on the box: no FTP inspection or ALG for this server (${boxes})`,
      'on Windows hosts: netsh advfirewall set global StatefulFTP disable',
      'or implicit TLS on port 990, or SFTP, which no FTP inspection touches',
    ]
  },
})
