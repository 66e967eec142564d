import { avoidPortRemedy, openRangeRemedy, refusedByServerRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { neighborWords, portOf, type RefusedPort, refusedPorts, resetSenderWords } from '../data-port.js'

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
    message(fact) {
      const refused = `The client's data connection to ${fact.target}, as announced, was refused.`
      const sender = resetSenderWords(fact, 'server', {
        other: 'another host sent it, a firewall or the NAT router itself',
        same: 'the server host itself, or a firewall on it, refused; no process listens on that port',
      })
      return `${refused} ${sender}${neighborWords(fact)}`
    },
  },
  remedy({ target, byListener, neighbors }, context) {
    if (byListener) return refusedByServerRemedy(portOf(target))
    return neighbors ? avoidPortRemedy(context, portOf(target)) : openRangeRemedy(context)
  },
})
