import { defineRule, repliesOf, type Evidence } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import { endpointText, replyEvidence } from '../../words/evidence.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** So many rejected logins of a client within five minutes are no typing errors. */
const LEAST = 10
const WITHIN_NS = 300e9
const SHOWN = 5

export const bruteForce = defineRule({
  id: 'brute-force',
  title: 'many rejected logins from one client',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  decides: false,
  remedy: ['Find out who uses that address; limit attempts on the server'],
  references: ['RFC 2577 §5 (protecting passwords)', 'RFC 959 §4.2.2 (530)'],
  samples: { reports: 'made/brute-force.pcap', silent: 'made/brute-force--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const own = [...repliesOf(session)]
      .filter(
        ({ exchange, reply }) =>
          (exchange.command === 'PASS' || exchange.command === 'USER') && (reply.code === 530 || reply.code === 430),
      )
      .map(({ reply }) => reply)
    const last = own.at(-1)
    if (!last) return
    const others = session.surroundings.sameHosts.flatMap(({ rejectedLogins }) => rejectedLogins)
    const recent = [...others, ...own]
      .filter(({ time }) => time <= last.time && last.time - time <= WITHIN_NS)
      .sort((a, b) => a.time - b.time)
    if (recent.length < LEAST) return
    const { client, server } = session
    const earlier: Evidence[] = recent.slice(0, SHOWN).map(({ frame }) => ({ frame, note: 'login rejected' }))
    yield {
      confidence: 'high',
      message: `${client.address} was rejected ${recent.length} times within ${seconds(last.time - recent[0]!.time)} by ${endpointText(server.address, server.port)}.`,
      evidence: [replyEvidence(last, `rejection ${recent.length}`), ...earlier],
      remedy: [
        `find out which user or program on ${client.address} this is; an old password in a scheduled job looks the same`,
        `${serverRemedy(session.dialogue.serverSoftware, 'attempts limited', (s) => s.guessing)}, or fail2ban with its filter for it`,
        `in the firewall before it, at once: nftables ip${client.address.includes(':') ? '6' : ''} saddr ${client.address} tcp dport ${server.port} drop`,
        'no password logins from outside: TLS client certificates, or a VPN',
      ],
    }
  },
})
