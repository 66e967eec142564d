import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { type RefusedPort, refusedPorts } from '../data-port.js'

export const activePortRefused = defineRule<RefusedPort>({
  id: 'active-port-refused',
  title: 'active port is refused',
  severity: 'error',
  side: 'client-network',
  level: 'effect',
  concernsDataSyn: true,
  identifiesResets: true,
  references: ['RFC 959 §3.2', 'RFC 9293 §3.5.2'],
  samples: { reports: 'made/active-port-refused.pcap', silent: 'made/active-port-refused--silent.pcap' },
  needs: ['active', 'unfinished'],
  check: (_session, facts) => refusedPorts(facts, 'active'),
  texts: {
    message({ target, ttl, usualTtl, foreign }) {
      const refusal = `The server's data connection to the client's ${target} was refused.`
      if (foreign) {
        const sender = 'a NAT router or firewall before the client sent it'
        return `${refusal} The RST has TTL ${ttl}, the client's other packets ${usualTtl}: ${sender}.`
      }
      return `${refusal} The RST has the TTL of the client's other packets: the client host itself or a firewall on it.`
    },
  },
  remedy: (_fact, context) => activeRemedy(context),
})
