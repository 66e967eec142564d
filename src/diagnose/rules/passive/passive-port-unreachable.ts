import { avoidPortRemedy, openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { neighborWords, portOf, type UnreachablePort, unreachablePorts, unreachableWords } from '../data-port.js'

export const passivePortUnreachable = defineRule<UnreachablePort>({
  id: 'passive-port-unreachable',
  title: 'passive port is unreachable',
  severity: 'error',
  side: 'server-network',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1'],
  samples: { reports: 'made/passive-port-unreachable.pcap', silent: 'made/passive-port-unreachable--silent.pcap' },
  needs: ['passive', 'unfinished'],
  check: (_session, facts) => unreachablePorts(facts, 'passive'),
  texts: {
    message(fact) {
      const { target, icmp, icmpFrom } = fact
      const answer = `ICMP "${icmp}" from ${icmpFrom}: ${unreachableWords(fact)}`
      return `The client's data connection to ${target}, as announced, was answered with ${answer}.${neighborWords(fact)}`
    },
  },
  remedy({ kind, icmpFrom, address, target, neighbors }, context) {
    if (kind !== 'filter') return [`on ${icmpFrom}: fix the route to ${address}`]
    if (neighbors) return avoidPortRemedy(context, portOf(target))
    return [`on ${icmpFrom}, which sent the ICMP error: allow the passive port range`, ...openRangeRemedy(context)]
  },
})
