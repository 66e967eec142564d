import { activeRemedy, lostReturnOf, returnPathRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { times } from '../../words/quantities.js'
import { lostReturnWords, type SilentPort, silentPorts, triesWords } from '../data-port.js'
import { openingTimerWords } from '../opening-timer.js'

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
    message(fact) {
      const { kind, target, tries, spanNs, synAcks, atListener } = fact
      if (kind === 'half-open') {
        const proof = `the client's SYN,ACK was captured ${times(synAcks)} and never acknowledged`
        const lost = lostReturnWords(fact, 'client')
        return `The server's data connection to ${target} was never established: ${proof}. ${lost}`
      }
      const tried = `The server tried to open the data connection to the client's ${target}`
      const reached = " The SYNs reached the client's side, so the client host or its own firewall dropped them."
      const silence = `no answer was captured.${atListener ? reached : ''}`
      return `${tried} ${triesWords({ tries, spanNs })}; ${silence}${openingTimerWords(fact.timer)}`
    },
  },
  remedy: ({ kind, atListener }, context) =>
    kind === 'half-open'
      ? returnPathRemedy(lostReturnOf(context, 'active'))
      : activeRemedy(context, atListener ? 'at-client' : 'before-client'),
})
