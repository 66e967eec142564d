import { activeRemedy, refusedByClientRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { portOf, type RefusedPort, refusedPorts, resetSenderWords } from '../data-port.js'

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
    message(fact) {
      const sender = resetSenderWords(fact, 'client', {
        other: 'a NAT router or firewall in front of the client sent it',
        same: 'the client host itself or a firewall on it refused',
      })
      return `The server's data connection to the client's ${fact.target} was refused. ${sender}`
    },
  },
  remedy: ({ byListener, target }, context) =>
    byListener ? refusedByClientRemedy(context, portOf(target)) : activeRemedy(context),
})
