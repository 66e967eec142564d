import { defineRule, vantageOf } from '../../legacy.js'
import { isOpened } from '../../facts/control.js'
import { endpointText, icmpCause, icmpEvidence, icmpText, synEvidence } from '../../words/evidence.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { hopsPassed } from '../../facts/vantage-clues.js'

export const controlUnreachable = defineRule({
  id: 'control-unreachable',
  title: 'server is unreachable',
  severity: 'error',
  side: 'path',
  level: 'cause',
  remedy: ['Change the rule or the route of the machine that sent the ICMP error'],
  references: ['RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1, §3.3', 'RFC 5461 (reaction to soft errors)'],
  samples: { reports: 'made/control-unreachable.pcap', silent: 'made/control-unreachable--silent.pcap' },
  needs: ['icmp'],

  *check(session) {
    const { control } = session
    // Soft errors: a later SYN may have come through (RFC 5461 §2.2).
    if (isOpened(control) || control.synAckAttempts > 0) return
    const errors = control.icmpErrors.filter((e) => e.quotesSyn && icmpCause(e) !== 'other')
    const error = errors[0]
    if (!error) return
    const cause = icmpCause(error)
    const target = endpointText(control.responder.address, control.responder.port)
    const byServer = error.from === control.responder.address
    const nearClient = vantageOf(session).at === 'client' && hopsPassed(error.hopLimit) === 0
    yield {
      side: byServer ? 'server' : nearClient ? 'client-network' : cause === 'filter' ? 'server-network' : 'path',
      confidence: 'high',
      message: `The control connection of ${control.initiator.address} to ${target} was answered by ${byServer ? 'the server itself' : error.from} with ICMP "${icmpText(error)}": ${
        cause === 'filter'
          ? 'a filter rule rejects it'
          : cause === 'loop'
            ? 'the packet runs in a loop between routers'
            : 'there is no way to the host'
      }.`,
      evidence: [icmpEvidence(error), ...synEvidence(control), ...errors.slice(1, 3).map(icmpEvidence)],
      remedy:
        cause === 'filter'
          ? [
              `on ${error.from}: allow TCP port ${control.responder.port} to ${control.responder.address} (the rule that rejects it answers as iptables -j REJECT does)`,
              rulesCommand('server'),
            ]
          : cause === 'loop'
            ? [
                `find the loop with a traceroute to ${control.responder.address}; ${error.from} is one of its routers: its route to that address points back`,
              ]
            : [
                `on ${error.from}: repair the route to ${control.responder.address}; if ${error.from} is on its network, the host does not answer ARP or neighbour discovery: down, or another address`,
              ],
    }
  },
})
