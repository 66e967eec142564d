import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { seconds } from '../../words/quantities.js'
import { type SilentPort, silentPorts } from '../data-port.js'

export const activePortUnanswered = defineRule<SilentPort>({
  id: 'active-port-unanswered',
  title: 'active port is filtered',
  severity: 'error',
  side: 'client-network',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', 'RFC 1579 (why passive)'],
  samples: { reports: 'made/active-port-unanswered.pcap', silent: 'made/active-port-unanswered--silent.pcap' },
  needs: ['active', 'unfinished'],
  check: (_session, facts) => silentPorts(facts, 'active'),
  texts: {
    message({ kind, target, tries, span, synAcks, atListener }) {
      if (kind === 'half-open') {
        const answer = `The client's answer to the server's data connection to ${target} never came to an end`
        return `${answer}: the SYN,ACK was sent ${synAcks} times and not acknowledged.`
      }
      const attempt = `The server tried to open the data connection to the client's ${target}`
      const reached = " The SYNs reached the client's side, so the client host or its own firewall dropped them."
      return `${attempt} ${tries} times in ${seconds(span)}; nobody answered.${atListener ? reached : ''}`
    },
  },
  remedy: (_fact, context) => activeRemedy(context),
})
