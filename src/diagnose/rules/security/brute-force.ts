import { withCommands } from '../../remedies/commands.js'
import type { Endpoint } from '../../../tcp/connection.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import type { Reply } from '../../../ftp/model.js'
import type { ReplyInExchange } from '../../facts/control.js'
import { at, endpointText, type Evidence, replyEvidence } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { Quote } from '../../words/quote.js'

/** This many rejected logins from one client within five minutes are not typing errors. */
const LEAST = 10
const WITHIN_NS = 300e9
/** Rejections shown as evidence besides the last one. */
const SHOWN = 5

export interface RejectedLogins extends Fact {
  kind: 'rejected-logins'
  /** Address of the client. */
  client: string
  server: Endpoint
  /** In this session and in those of the same hosts, and from the first to the last. */
  rejections: number
  withinNs: number
  /** The login that the server accepted after them; `null` if the capture shows none. */
  success: { user: Quote; frame: number } | null
}

export const bruteForce = defineRule<RejectedLogins>({
  id: 'brute-force',
  title: 'many rejected logins from one client',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  references: ['RFC 2577 §5 (protecting passwords)', 'RFC 959 §4.2.2 (530)'],
  samples: { reports: 'made/brute-force.pcap', silent: 'made/brute-force--silent.pcap' },
  *check({ client, server, surroundings, dialogue }, { replies }) {
    const own = replies.filter(isRejection).map(({ reply }) => reply)
    const accepted = ownAcceptance(replies, dialogue.user)
    const last = own.at(-1) ?? accepted?.reply
    if (!last) return
    const others = surroundings.sameHosts.flatMap(({ rejectedLogins }) => rejectedLogins)
    const recent = [...others, ...own]
      .filter(({ time }) => time <= last.time && last.time - time <= WITHIN_NS)
      .sort((a, b) => a.time - b.time)
    const lastRejection = recent.at(-1)
    if (recent.length < LEAST || !lastRejection) return
    const elsewhere = surroundings.sameHosts.flatMap(({ acceptedLogins }) => acceptedLogins)
    const success = [...(accepted ? [{ ...accepted.reply, user: accepted.user }] : []), ...elsewhere]
      .filter(({ time }) => time > recent[LEAST - 1]!.time && time - lastRejection.time <= WITHIN_NS)
      .sort((a, b) => a.time - b.time)[0]
    // A session that was accepted is told with its own login only.
    if (own.length === 0 && success?.frame !== accepted?.reply.frame) return
    yield {
      fact: {
        kind: 'rejected-logins',
        client: client.address,
        server,
        rejections: recent.length,
        withinNs: lastRejection.time - recent[0]!.time,
        success: success ? { user: new Quote(success.user), frame: success.frame } : null,
      },
      confidence: 'high',
      evidence: [
        ...(success ? [at(success, 'login accepted')] : []),
        own.length > 0 ? replyEvidence(last, `rejection ${recent.length}`) : at(lastRejection, 'the last rejection'),
        ...recent.slice(0, SHOWN).map((rejection) => at(rejection, 'login rejected')),
      ] as [Evidence, ...Evidence[]],
    }
  },
  texts: {
    title: ({ success }) => (success ? 'login accepted after many rejected ones from one client' : null),
    message({ client, server: { address, port }, rejections, withinNs, success }) {
      const rejected = `${rejections} logins from ${client} within ${seconds(withinNs)}`
      const found = success ? `, which then logged in as "${success.user}" at #${success.frame}` : ''
      return `${endpointText(address, port)} rejected ${rejected}${found}.`
    },
  },
  remedy({ client, server, success }, { serverSoftware }) {
    const limited = serverRemedy(serverSoftware, 'limit login attempts', (s) => s.guessing)
    const table = client.includes(':') ? 'ip6' : 'ip'
    return [
      ...(success
        ? [`if the password was guessed: change that of "${success.user}", and see what the session did`]
        : []),
      `find out which user or program on ${client} sends them; an old password in a scheduled job looks the same`,
      limited,
      'or use fail2ban with its filter for this server',
      withCommands('at once, in the firewall in front of it: drop what they send', [
        'nftables',
        `nft insert rule inet filter forward ${table} saddr ${client} tcp dport ${server.port} drop`,
      ]),
      'allow no password logins from outside: use TLS client certificates, or a VPN',
    ]
  },
})

function isRejection({ exchange: { command }, reply: { code } }: ReplyInExchange): boolean {
  return (command === 'PASS' || command === 'USER') && (code === 530 || code === 430)
}

/** The last login of the session that was accepted, after its rejections. */
function ownAcceptance(
  replies: readonly ReplyInExchange[],
  user: string | null,
): { reply: Reply; user: string } | null {
  const accepted = replies.findLast(
    ({ exchange: { command }, reply: { code } }) =>
      (command === 'PASS' || command === 'USER') && (code === 230 || code === 232),
  )
  return accepted ? { reply: accepted.reply, user: user ?? '' } : null
}
