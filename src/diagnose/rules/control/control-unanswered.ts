import { withCommands } from '../../remedies/commands.js'
import type { Confidence } from '../../confidence.js'
import { isOpened } from '../../facts/control.js'
import type { OlderTimestamp } from '../../facts/timestamp-order.js'
import { hopsPassed } from '../../facts/vantage-clues.js'
import { banRemedy, banWords, rejectedEvidence } from '../../remedies/ban-remedies.js'
import { rulesCommand, windowsRule } from '../../remedies/firewall-remedies.js'
import {
  OLDER_TIMESTAMP_TITLE,
  TIMESTAMP_REMEDY,
  timestampEvidence,
  timestampWords,
} from '../../remedies/timestamp-remedies.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, synEvidence, tryingTime } from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import { silenceWords } from '../../words/silence.js'

/** SYNs without any kind of answer. */
export interface ControlUnanswered extends Fact, Ends {
  /** `older-timestamp`: the server answered SYNs from the same address whose TCP timestamp is newer. */
  kind: 'unanswered' | 'older-timestamp'
  tries: number
  /** From the first SYN to the last; for a single one, to the end of the capture. */
  waitedNs: number
  /** Routers that the SYNs had passed. */
  routers: number
  /** The server answered another connection of the same client. */
  answeredOther: boolean
  /** Logins of this client that the server rejected shortly before: a ban. */
  rejectedLogins: number
  /** The two timestamps; `null` if they do not explain it. */
  timestamps: OlderTimestamp | null
}

/** A single SYN counts as unanswered once every system would have retransmitted it (RFC 6298 §2). */
const LONE_SYN_NS = 3e9
/** This many SYNs are not all lost by chance. */
const SURE_TRIES = 3

export const controlUnanswered = defineRule<ControlUnanswered>({
  id: 'control-unanswered',
  title: 'no answer from the server',
  severity: 'error',
  side: 'server-network',
  level: 'effect',
  references: ['RFC 9293 §3.8.1', 'RFC 6298 §2 (retransmission after 1 s)'],
  samples: { reports: 'made/control-unanswered.pcap', silent: 'made/control-unanswered--silent.pcap' },

  needs: ['irregular'],
  *check(session, facts) {
    const { control } = session
    const [client, server] = control.flows
    // A client that continues was answered, by packets missing from the capture.
    if (server.packets > 0 || client.end > 0 || isOpened(control) || facts.unseen !== null) return
    const [first, ...more] = synEvidence(control)
    if (!first || control.icmpErrors.some(({ quotesSyn }) => quotesSyn)) return
    const tries = control.synAttempts
    const waited = session.judgedAt - control.syns[0]!.time
    if (tries < 2 && waited < LONE_SYN_NS) return
    const answered = facts.answeredSession
    const rejected = facts.rejectedBefore
    const parallel = facts.parallelSessions.length > 0
    const routers = hopsPassed(client.hopLimit)
    const timestamps = rejected.length > 0 ? null : facts.olderTimestamp(control)
    yield {
      fact: {
        kind: timestamps ? 'older-timestamp' : 'unanswered',
        ...endsOf(session),
        tries,
        waitedNs: tries > 1 ? tryingTime(control) : waited,
        routers,
        answeredOther: answered !== null,
        rejectedLogins: rejected.length,
        timestamps,
      },
      side: timestamps ? 'server' : 'server-network',
      confidence: confidenceOf(tries, parallel, timestamps),
      evidence: [
        first,
        ...more,
        ...rejectedEvidence(rejected),
        ...(timestamps ? timestampEvidence(timestamps) : []),
        ...(answered && !timestamps
          ? [at({ frame: answered.firstFrame }, 'another connection, which was answered')]
          : []),
      ],
      rivals: parallel ? ['connection-limit'] : routers > 0 ? ['control-handshake-incomplete'] : [],
    }
  },

  texts: {
    title: ({ timestamps }) => (timestamps ? OLDER_TIMESTAMP_TITLE : null),
    message(fact) {
      const { client, server, tries, waitedNs, routers, answeredOther, rejectedLogins, timestamps } = fact
      const sent = `${client} sent its SYN to ${endpointWords(server)} ${times(tries)} in ${seconds(waitedNs)}`
      if (fact.answerLost) return `${sent}; ${silenceWords(fact)}.`
      const silence = `${sent}; ${silenceWords(fact)}: no SYN,ACK, no RST, no ICMP error.`
      if (timestamps) return `${silence}${timestampWords(client, timestamps)}`
      const passed = routers === 1 ? '1 router' : `${routers} routers`
      const before = `The SYNs had passed ${passed} before the observation point`
      const distance = ` ${before}; if that is at the server, the server host or its own firewall drops them.`
      const answered =
        ' The same server answered the same client at another time, so the address and the route are correct.'
      return [
        silence,
        routers === 0 ? '' : distance,
        answeredOther ? answered : '',
        banWords(client, rejectedLogins),
      ].join('')
    },
  },

  remedy({ client, server: { address, port }, answeredOther, rejectedLogins, timestamps }, context) {
    if (timestamps) return TIMESTAMP_REMEDY
    const capture = unlessCaptured(
      context,
      'server',
      'to find out who drops them: capture on the server; if the SYNs arrive, it is the host or its firewall; ' +
        'if not, the path',
    )
    if (rejectedLogins > 0) return [...banRemedy(client), ...capture]
    // The port was open to this client, so no rule that opens it is missing.
    if (answeredOther) {
      return [
        `on the server: make sure that the host is up; look for a rule or a ban that concerns ${client} (fail2ban, ` +
          'CSF, a limit of connections per source address)',
        ...capture,
      ]
    }
    const opened = `on the server and in the firewalls in front of it, allow inbound TCP port ${port} to ${address}`
    return [
      withCommands(
        `${opened} (cloud security groups: an inbound rule); make sure that the host is up and the address is correct`,
        ['nftables', `nft add rule inet filter input tcp dport ${port} accept`],
        ['firewalld', `firewall-cmd --permanent --add-port=${port}/tcp`],
        ['Windows', windowsRule(String(port))],
      ),
      rulesCommand('server'),
      ...capture,
    ]
  },
})

function confidenceOf(tries: number, parallel: boolean, timestamps: OlderTimestamp | null): Confidence {
  if (timestamps) return tries >= SURE_TRIES && timestamps.answeredMeanwhile ? 'high' : 'medium'
  return tries >= SURE_TRIES && !parallel ? 'high' : 'medium'
}
