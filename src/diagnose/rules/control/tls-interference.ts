import { withCommands } from '../../remedies/commands.js'
import { senderOf } from '../../facts/control.js'
import { isOfOtherHop, resetsAtOnce } from '../../facts/reset-origin.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, commandEvidence } from '../../words/evidence.js'

/** A forged RST that broke the control connection under TLS. */
export interface BrokenTls extends Fact, Ends {
  kind: 'in-handshake' | 'in-session'
  /** Source address of the RST. */
  resetFrom: string
  /** TTL of the RST, and of the host's other packets. */
  ttl: number
  usualTtl: number | null
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
  references: ['RFC 9293 §3.5.3', 'RFC 3360 (resets sent by middleboxes)'],
  samples: { reports: 'made/tls-interference.pcap', silent: 'made/tls-interference--silent.pcap' },
  needs: ['tls', 'reset'],

  *check(session, facts) {
    const { control, dialogue } = session
    const { auth } = facts
    // The reply to AUTH agrees on TLS: it begins with the next byte.
    const began = dialogue.opaqueFrom ?? auth?.replies.find(({ code }) => code === 234)
    if (!began || dialogue.clearAgain || dialogue.security === 'gssapi') return
    const reset = control.resets.find(({ answersSyn, frame }) => !answersSyn && frame > began.frame)
    if (!reset || control.flows.some(({ fin }) => fin !== null && fin.frame < reset.frame)) return
    // If both ends are reset at once, the RST that differs from its source host's other packets was forged.
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
          at(
            forged,
            `RST with source address ${resetFrom} (TTL ${ttl}${usualTtl === null ? '' : `; TTL of its other packets ${usualTtl}`})`,
          ),
          at(began, dialogue.opaqueFrom ? 'TLS begins' : 'TLS is agreed on'),
          ...(auth ? [commandEvidence(auth)] : []),
        ],
        rivals: ['control-reset'],
      }
      return
    }
  },

  texts: {
    message({ kind, client, server, resetFrom, ttl, usualTtl }) {
      const when = kind === 'in-session' ? 'after the handshake' : 'during the handshake'
      const broken = `The TLS connection from ${client} to ${endpointWords(server)} was reset ${when}`
      const mismatch = isOfOtherHop(ttl, usualTtl)
        ? `whose TTL of ${ttl} does not match that host's other packets (${usualTtl})`
        : 'that this host did not send'
      return `${broken} by a RST with source address ${resetFrom} ${mismatch}: a middlebox that inspects FTP sent it.`
    },
  },

  remedy() {
    const boxes = [
      'Cisco ASA: no inspect ftp for it',
      'FortiGate: disable session helper ftp',
      'SonicWall, Sophos, Juniper: disable FTP ALG',
    ].join('; ')
    return [
      `on the middlebox: disable FTP inspection or ALG for this server (${boxes})`,
      withCommands('on Windows hosts: do not let their firewall inspect FTP', [
        null,
        'netsh advfirewall set global StatefulFTP disable',
      ]),
      'or use implicit TLS on port 990, or SFTP, which FTP inspection does not touch',
    ]
  },
})
