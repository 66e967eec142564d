import { defineRule } from '../../legacy.js'
import { resetOrigin } from '../../facts/reset-origin.js'
import type { Session } from '../../../correlate/model.js'
import { Direction, type ResetSighting } from '../../../tcp/connection.js'
import { at, commandEvidence, endpointText } from '../../words/evidence.js'

/** RSTs to both ends within this time come from one box between them. */
const BOTH_ENDS_NS = 50e6

export const tlsInterference = defineRule({
  id: 'tls-interference',
  title: 'middlebox breaks TLS',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: ['capture-ends-inside'],
  proves: 'firewall',
  remedy: ['Take FTPS out of FTP inspection on the box, or use a port that it does not inspect'],
  references: ['RFC 4217 §2', 'RFC 9293 §3.5.3', 'RFC 3128 §2.2 (forged RST)'],
  samples: { reports: 'made/tls-interference.pcap', silent: 'made/tls-interference--silent.pcap' },
  needs: ['tls', 'reset'],

  *check(session) {
    const { control, dialogue } = session
    const began = dialogue.opaqueFrom ?? agreed(session)
    if (!began || dialogue.clearAgain) return
    const reset = control.resets.find((r) => !r.answersSyn && r.frame > began.frame)
    if (!reset || control.flows.some(({ fin }) => fin !== null && fin.frame < reset.frame)) return
    // Where both ends are reset at once, the one in the name of the host whose packets look otherwise was forged.
    const forged = [reset, ...atOnce(control.resets, reset)].find((each) => resetOrigin(session, control, each).foreign)
    if (!forged) return
    const usual = control.flows[forged.direction].hopLimit
    const host = forged.direction === Direction.FromInitiator ? control.initiator : control.responder
    const done = dialogue.tls?.established === true
    const asked = dialogue.exchanges.findLast((exchange) => exchange.command === 'AUTH')
    yield {
      confidence: 'high',
      message: `The TLS of ${control.initiator.address} with ${endpointText(control.responder.address, control.responder.port)} was broken ${
        done ? 'in the session' : 'in its handshake'
      } by a RST in the name of ${host.address} whose TTL ${forged.hopLimit} is not that host's (${usual}): a box on the way that inspects FTP sent it.`,
      evidence: [
        at(forged, `RST in the name of ${host.address} (TTL ${forged.hopLimit}; its other packets ${usual})`),
        at(began, dialogue.opaqueFrom ? 'TLS begins' : 'TLS is agreed'),
        ...(asked ? [commandEvidence(asked)] : []),
      ],
      remedy: [
        'on the box: no FTP inspection or ALG for this server (Cisco ASA: no inspect ftp for it, or policy-map with allow-tls; FortiGate: session helper ftp off; SonicWall, Sophos, Juniper: FTP ALG off)',
        'on Windows hosts: netsh advfirewall set global StatefulFTP disable',
        'or implicit TLS on port 990, or SFTP, which no FTP inspection touches',
      ],
      rivals: ['control-reset'],
    }
  },
})

/** Resets of the other direction within a moment. */
function atOnce(resets: readonly ResetSighting[], reset: ResetSighting): ResetSighting[] {
  return resets.filter(
    (other) => other.direction !== reset.direction && Math.abs(other.time - reset.time) < BOTH_ENDS_NS,
  )
}

/** AUTH was answered with 234: TLS begins with the next byte. */
function agreed(session: Session): { frame: number; time: number } | null {
  for (const { command, replies } of session.dialogue.exchanges) {
    const reply = command === 'AUTH' ? replies.find(({ code }) => code === 234) : undefined
    if (reply) return reply
  }
  return null
}
