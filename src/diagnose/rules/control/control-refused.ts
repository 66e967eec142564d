import { resetOrigin } from '../../facts/reset-origin.js'
import { defineRule, vantageOf } from '../../legacy.js'
import { parallelSessions } from '../../facts/control.js'
import { at, endpointText, resetEvidence, synEvidence } from '../../words/evidence.js'
import { hopsPassed } from '../../facts/vantage-clues.js'

export const controlRefused = defineRule({
  id: 'control-refused',
  title: 'connection refused',
  severity: 'error',
  side: 'server',
  level: 'effect',
  remedy: ['Start the FTP server, or open its port'],
  references: ['RFC 9293 §3.5.2 (reset generation)', 'RFC 959 §2.3'],
  samples: { reports: 'made/control-refused.pcap', silent: 'made/control-refused--silent.pcap' },
  needs: ['reset'],

  *check(session) {
    const { control } = session
    const reset = control.resets.find((r) => r.answersSyn)
    if (!reset || control.established) return
    const target = endpointText(control.responder.address, control.responder.port)
    const origin = resetOrigin(session, control, reset)
    const atServer = vantageOf(session).at === 'server'
    const answered = session.surroundings.sameHosts.find((s) => s.answered)
    yield {
      side: origin.foreign ? 'server-network' : 'server',
      confidence: 'high',
      message: `${target} refused the control connection of ${control.initiator.address} with RST. ${
        origin.foreign
          ? `The RST has TTL ${reset.hopLimit}, the server's other packets ${origin.usual}: a firewall sent it in the server's name.`
          : atServer
            ? 'It was sent beside the point of capture: nothing listens on that port, or the host itself rejects it.'
            : distanceText(reset.hopLimit)
      }${answered ? ' The same server had answered the same client before.' : ''}`,
      evidence: [
        resetEvidence(reset, target),
        ...synEvidence(control).slice(0, 1),
        ...(answered
          ? [at({ frame: answered.firstFrame, time: answered.start }, 'a connection that was answered')]
          : []),
      ],
      remedy: [
        `on ${control.responder.address}: see whether the FTP server runs and listens on port ${control.responder.port} of that address (Linux: ss -ltnp; Windows: netstat -ano; vsftpd listen_port, listen_address; ProFTPD Port, DefaultAddress; a socket of systemd or xinetd that is switched on)`,
        `or in the firewall before it: a rule that rejects TCP port ${control.responder.port} (reject with tcp-reset); a capture on the server shows whether the SYN arrives there`,
      ],
      rivals: parallelSessions(session).length > 0 ? ['connection-limit'] : [],
    }
  },
})

/** How far its sender is, by its hop limit. Servers begin with 64 or 128, routers and firewalls with 255 as well. */
function distanceText(hopLimit: number): string {
  const hops = hopsPassed(hopLimit)
  const distance = hops === 0 ? 'beside the point of capture' : hops === 1 ? '1 router away' : `${hops} routers away`
  return hopLimit > 128
    ? `Its TTL ${hopLimit} is one that routers and firewalls start with (255) rather than servers, and its sender is ${distance}: likely a firewall that rejects the connection.`
    : `Its TTL ${hopLimit} says that the sender is ${distance}: nothing listens on that port, or a firewall at that distance rejects it.`
}
