import { withCommands } from '../../remedies/commands.js'
import { isOfOtherHop } from '../../facts/reset-origin.js'
import { banRemedy, banWords, rejectedEvidence } from '../../remedies/ban-remedies.js'
import { hopsPassed } from '../../facts/vantage-clues.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, resetEvidence, synEvidence } from '../../words/evidence.js'

/** A RST in answer to the SYN. */
export interface ControlRefused extends Fact, Ends {
  kind: 'refused'
  /** TTL of the RST, and of the server's other packets; `null` if none was captured. */
  ttl: number
  usualTtl: number | null
  /** A different host sent it: the TTLs differ. */
  foreign: boolean
  /** Routers that it had passed, assuming that its sender uses a common initial TTL. */
  routers: number
  /** Captured at the server. */
  atServer: boolean
  /** The server answered another connection of the same client. */
  answeredOther: boolean
  /** Logins of this client that the server rejected shortly before: a ban. */
  rejectedLogins: number
}

/** Servers use an initial TTL of 64 or 128; routers and firewalls also use 255. */
const HIGHEST_OF_SERVERS = 128

export const controlRefused = defineRule<ControlRefused>({
  id: 'control-refused',
  title: 'connection refused',
  severity: 'error',
  side: 'server',
  level: 'effect',
  identifiesResets: true,
  references: ['RFC 9293 §3.5.2 (reset generation)', 'RFC 959 §2.3'],
  samples: { reports: 'made/control-refused.pcap', silent: 'made/control-refused--silent.pcap' },
  needs: ['reset'],

  *check(session, facts) {
    const { control } = session
    const reset = control.resets.find(({ answersSyn }) => answersSyn)
    if (!reset || control.established) return
    const { foreign, usual } = facts.origin(control, reset)
    const answered = facts.answeredSession
    const rejected = facts.rejectedBefore
    yield {
      fact: {
        kind: 'refused',
        ...endsOf(session),
        ttl: reset.hopLimit,
        usualTtl: usual,
        foreign,
        routers: hopsPassed(reset.hopLimit),
        atServer: facts.vantage.at === 'server',
        answeredOther: answered !== null,
        rejectedLogins: rejected.length,
      },
      side: foreign ? 'server-network' : 'server',
      confidence: 'high',
      evidence: [
        resetEvidence(reset, endpointWords(session.server)),
        ...synEvidence(control).slice(0, 1),
        ...rejectedEvidence(rejected),
        ...(answered ? [at({ frame: answered.firstFrame }, 'another connection, which was answered')] : []),
      ],
      rivals: facts.parallelSessions.length > 0 ? ['connection-limit'] : [],
    }
  },

  texts: {
    message(fact) {
      const refused = `${endpointWords(fact.server)} refused the control connection from ${fact.client} with a RST.`
      const answered = fact.answeredOther ? ' The same server had answered the same client before.' : ''
      return `${refused} ${senderWords(fact)}${answered}${banWords(fact.client, fact.rejectedLogins)}`
    },
  },

  remedy({ client, server: { address, port }, rejectedLogins }, context) {
    if (rejectedLogins > 0) return banRemedy(client)
    const listening = [
      'vsftpd listen_port, listen_address',
      'ProFTPD Port, DefaultAddress',
      'an enabled systemd or xinetd socket',
    ]
    const running = `check that the FTP server is running and listens on port ${port} of that address`
    const rejecting = `look for a rule that rejects TCP port ${port} (reject with tcp-reset)`
    const arrival = unlessCaptured(context, 'server', 'a capture on the server shows whether the SYN arrives there')
    return [
      withCommands(
        `on ${address}: ${running} (${listening.join('; ')})`,
        ['Linux', `ss -ltnp 'sport = :${port}'`],
        ['Windows', 'netstat -ano'],
      ),
      [`or in the firewall in front of it: ${rejecting}`, ...arrival].join('; '),
    ]
  },
})

/** Who sent the RST, judging by its TTL. */
function senderWords({ ttl, usualTtl, foreign, routers, atServer }: ControlRefused): string {
  if (foreign && !isOfOtherHop(ttl, usualTtl))
    return "The server did not send the RST: a firewall sent it with the server's source address."
  if (foreign)
    return (
      `The RST has TTL ${ttl}, the server's other packets have ${usualTtl}: ` +
      "a firewall sent it with the server's source address."
    )
  if (atServer)
    return 'It was sent at the observation point: nothing listens on that port, or the host itself rejects it.'
  const count = routers === 1 ? '1 router' : `${routers} routers`
  const distance = routers === 0 ? 'at the observation point' : `${count} away`
  if (ttl <= HIGHEST_OF_SERVERS) {
    const sender = `Its TTL of ${ttl} indicates that the sender is ${distance}`
    return `${sender}: nothing listens on that port, or a firewall at that distance rejects it.`
  }
  const unusual = `Its TTL of ${ttl} suggests an initial TTL of 255, used by routers and firewalls rather than servers`
  return `${unusual}, and its sender is ${distance}: probably a firewall that rejects the connection.`
}
