import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { type UnreachablePort, unreachablePorts, unreachableWords } from '../data-port.js'

export const activePortUnreachable = defineRule<UnreachablePort>({
  id: 'active-port-unreachable',
  title: 'active port is unreachable',
  severity: 'error',
  side: 'client-network',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', 'RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1'],
  samples: { reports: 'made/active-port-unreachable.pcap', silent: 'made/active-port-unreachable--silent.pcap' },
  needs: ['active', 'unfinished'],
  check: (_session, facts) => unreachablePorts(facts, 'active'),
  texts: {
    message(fact) {
      const { target, icmp, icmpFrom } = fact
      const answer = `ICMP "${icmp}" from ${icmpFrom}: ${unreachableWords(fact)}`
      return `The server's data connection to the client's ${target} was answered with ${answer}.`
    },
  },
  remedy: (_fact, context) => activeRemedy(context),
})
