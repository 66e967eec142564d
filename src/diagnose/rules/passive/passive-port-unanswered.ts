import { avoidPortRemedy, lostReturnOf, openRangeRemedy, returnPathRemedy } from '../../remedies/mode-remedies.js'
import { OLDER_TIMESTAMP_TITLE, TIMESTAMP_REMEDY, timestampWords } from '../../remedies/timestamp-remedies.js'
import { defineRule } from '../../rule.js'
import { times } from '../../words/quantities.js'
import { lostReturnWords, neighborWords, portOf, type SilentPort, silentPorts, triesWords } from '../data-port.js'
import { openingTimerWords } from '../opening-timer.js'
import { silenceWords } from '../../words/silence.js'

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
    title: ({ timestamps }) => (timestamps ? OLDER_TIMESTAMP_TITLE : null),
    message(fact) {
      const { kind, target, tries, spanNs, synAcks, atListener, timestamps } = fact
      if (kind === 'half-open') {
        const proof = `the server's SYN,ACK was captured ${times(synAcks)} and never acknowledged`
        const lost = lostReturnWords(fact, 'server')
        return `The client's data connection to ${target} was never established: ${proof}. ${lost}`
      }
      const tried = `The client tried to open the data connection to ${target}, as announced,`
      if (timestamps)
        return `${tried} ${triesWords(fact)}; ${silenceWords(fact)}.${timestampWords('its address', timestamps)}`
      const reached = " The SYNs reached the server's side, so the server host or its own firewall dropped them."
      const answer = `${silenceWords(fact)}.${atListener && !fact.answerLost ? reached : ''}`
      return `${tried} ${triesWords({ tries, spanNs })}; ${answer}${neighborWords(fact)}${openingTimerWords(fact.timer)}`
    },
  },
  remedy({ kind, target, atListener, neighbors, timestamps }, context) {
    if (timestamps) return TIMESTAMP_REMEDY
    if (kind === 'half-open') return returnPathRemedy(lostReturnOf(context, 'passive'), context)
    if (neighbors) return avoidPortRemedy(context, portOf(target))
    return openRangeRemedy(context, atListener ? 'at-server' : 'before-server')
  },
})
