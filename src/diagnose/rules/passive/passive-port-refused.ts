import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { type RefusedPort, refusedPorts } from '../data-port.js'

export const passivePortRefused = defineRule<RefusedPort>({
  id: 'passive-port-refused',
  title: 'passive port is refused',
  severity: 'error',
  side: 'server-network',
  level: 'effect',
  concernsDataSyn: true,
  identifiesResets: true,
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 9293 §3.5.2 (reset generation)'],
  samples: { reports: 'made/passive-port-refused.pcap', silent: 'made/passive-port-refused--silent.pcap' },
  needs: ['passive', 'unfinished'],
  *check(_session, facts) {
    for (const observation of refusedPorts(facts, 'passive')) yield { ...observation, rivals: ['load-balancer-split'] }
  },
  texts: {
    message({ target, ttl, usualTtl, foreign }) {
      const refusal = `The client's data connection to ${target}, as announced, was refused.`
      if (foreign) {
        const sender = 'another machine sent it, a firewall or the NAT router itself'
        return `${refusal} The RST has TTL ${ttl}, the server's other packets ${usualTtl}: ${sender}.`
      }
      const sender = 'the host itself, or a firewall on it, refused; nobody listens on that port'
      return `${refusal} The RST has the TTL of the server's other packets: ${sender}.`
    },
  },
  remedy: (_fact, context) => openRangeRemedy(context),
})
