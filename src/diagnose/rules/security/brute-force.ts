import type { Endpoint } from '../../../tcp/connection.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, endpointText, replyEvidence } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

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
  needs: ['refusal'],
  *check({ client, server, surroundings }, { replies }) {
    const own = replies
      .filter(
        ({ exchange: { command }, reply: { code } }) =>
          (command === 'PASS' || command === 'USER') && (code === 530 || code === 430),
      )
      .map(({ reply }) => reply)
    const last = own.at(-1)
    if (!last) return
    const others = surroundings.sameHosts.flatMap(({ rejectedLogins }) => rejectedLogins)
    const recent = [...others, ...own]
      .filter(({ time }) => time <= last.time && last.time - time <= WITHIN_NS)
      .sort((a, b) => a.time - b.time)
    if (recent.length < LEAST) return
    yield {
      fact: {
        kind: 'rejected-logins',
        client: client.address,
        server,
        rejections: recent.length,
        withinNs: last.time - recent[0]!.time,
      },
      confidence: 'high',
      evidence: [
        replyEvidence(last, `rejection ${recent.length}`),
        ...recent.slice(0, SHOWN).map((rejection) => at(rejection, 'login rejected')),
      ],
    }
  },
  texts: {
    message({ client, server: { address, port }, rejections, withinNs }) {
      const rejected = `${rejections} logins from ${client} within ${seconds(withinNs)}`
      return `${endpointText(address, port)} rejected ${rejected}.`
    },
  },
  remedy({ client, server }, { serverSoftware }) {
    const limited = serverRemedy(serverSoftware, 'limit login attempts', (s) => s.guessing)
    const table = client.includes(':') ? 'ip6' : 'ip'
    return [
      `find out which user or program on ${client} sends them; an old password in a scheduled job looks the same`,
      limited,
      'or use fail2ban with its filter for this server',
      `at once, in the firewall in front of it: nftables ${table} saddr ${client} tcp dport ${server.port} drop`,
      'allow no password logins from outside: use TLS client certificates, or a VPN',
    ]
  },
})
