import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { seconds } from '../../words/quantities.js'
import { type SilentPort, silentPorts } from '../data-port.js'

export const passivePortUnanswered = defineRule<SilentPort>({
  id: 'passive-port-unanswered',
  title: 'passive port is filtered',
  severity: 'error',
  side: 'server-network',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 2428 §3 (EPSV)', 'RFC 1579'],
  samples: { reports: 'made/passive-port-unanswered.pcap', silent: 'made/passive-port-unanswered--silent.pcap' },
  needs: ['passive', 'unfinished'],
  check: (_session, facts) => silentPorts(facts, 'passive'),
  texts: {
    message({ kind, target, tries, span, synAcks, atListener }) {
      if (kind === 'half-open') {
        const answer = `The server's answer to the client's data connection to ${target} never came to an end`
        return `${answer}: the SYN,ACK was sent ${synAcks} times and not acknowledged.`
      }
      const attempt = `The client tried to open the data connection to ${target}, as announced`
      const reached = " The SYNs reached the server's side, so the server host or its own firewall dropped them."
      return `${attempt}, ${tries} times in ${seconds(span)}; nobody answered.${atListener ? reached : ''}`
    },
  },
  remedy: (_fact, context) => openRangeRemedy(context),
})
