import { defineRule } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import { isOpened, parallelSessions, unseenDirection } from '../../facts/control.js'
import { at, endpointText, synEvidence, tryingTime } from '../../words/evidence.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { hopsPassed } from '../../facts/vantage-clues.js'

/** A lone SYN has been without answer for long enough when every system would have sent a second one (RFC 6298 §2). */
const LONE_SYN_NS = 3e9

export const controlUnanswered = defineRule({
  id: 'control-unanswered',
  title: 'no answer from the server',
  severity: 'error',
  side: 'server-network',
  level: 'effect',
  remedy: ['Let the control port through to the server'],
  references: ['RFC 9293 §3.8.1', 'RFC 6298 §2 (retransmission after 1 s)'],
  samples: { reports: 'made/control-unanswered.pcap', silent: 'made/control-unanswered--silent.pcap' },

  *check(session) {
    const { control } = session
    const [client, server] = control.flows
    // A client that goes on was answered, by packets that the capture lacks.
    if (server.packets > 0 || client.end > 0 || isOpened(control) || unseenDirection(control) !== null) return
    if (control.icmpErrors.some((e) => e.quotesSyn) || control.syns.length === 0) return
    const waited = session.judgedAt - control.syns[0]!.time
    if (control.synAttempts < 2 && waited < LONE_SYN_NS) return
    const target = endpointText(control.responder.address, control.responder.port)
    const hops = hopsPassed(client.hopLimit)
    const answered = session.surroundings.sameHosts.find((s) => s.answered)
    const parallel = parallelSessions(session).length > 0
    yield {
      side: 'server-network',
      confidence: control.synAttempts >= 3 && !parallel ? 'high' : 'medium',
      message: `${control.initiator.address} sent its SYN to ${target} ${times(control.synAttempts)} in ${seconds(
        control.synAttempts > 1 ? tryingTime(control) : waited,
      )}; nothing came back, neither SYN,ACK nor RST nor ICMP.${
        hops === 0
          ? ''
          : ` The SYNs had passed ${hops} ${hops === 1 ? 'router' : 'routers'} up to the point of capture; if that is beside the server, the server host or its own firewall drops them.`
      }${answered ? ' The same server answered the same client at another time, so address and route are right.' : ''}`,
      evidence: [
        synEvidence(control)[0]!,
        ...synEvidence(control).slice(1),
        ...(answered
          ? [at({ frame: answered.firstFrame, time: answered.start }, 'a connection that was answered')]
          : []),
      ],
      remedy: [
        `in the firewalls before the server and on it: TCP port ${control.responder.port} in to ${control.responder.address} (nftables: tcp dport ${control.responder.port} accept; firewalld: firewall-cmd --permanent --add-port=${control.responder.port}/tcp; Windows and cloud security groups: an inbound rule); and make sure that the host is up and the address is right`,
        rulesCommand('server'),
        'to settle who drops it: capture on the server; SYNs there mean the host or its firewall, none mean the path',
      ],
      rivals: parallel ? ['connection-limit'] : hops > 0 ? ['control-handshake-incomplete'] : [],
    }
  },
})
