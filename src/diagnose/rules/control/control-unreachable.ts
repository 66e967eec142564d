import { isOpened } from '../../facts/control.js'
import { hopsPassed } from '../../facts/vantage-clues.js'
import { banRemedy, banWords, rejectedEvidence } from '../../remedies/ban-remedies.js'
import { rulesCommand } from '../../remedies/firewall-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { icmpCause, icmpEvidence, icmpText, synEvidence } from '../../words/evidence.js'

/** An ICMP error in answer to the SYN. */
export interface ControlUnreachable extends Fact, Ends {
  kind: 'filter' | 'route' | 'loop'
  /** Who sent the ICMP error. */
  icmpFrom: string
  /** Its meaning: "host administratively prohibited". */
  icmp: string
  /** Logins of this client that the server rejected shortly before: a ban. */
  rejectedLogins: number
}

/** ICMP errors listed as evidence. */
const SHOWN = 3

export const controlUnreachable = defineRule<ControlUnreachable>({
  id: 'control-unreachable',
  title: 'server is unreachable',
  severity: 'error',
  side: 'path',
  level: 'cause',
  references: ['RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1, §3.3', 'RFC 5461 (reaction to soft errors)'],
  samples: { reports: 'made/control-unreachable.pcap', silent: 'made/control-unreachable--silent.pcap' },
  needs: ['icmp'],

  *check(session, facts) {
    const { control, server } = session
    // Soft errors: a later SYN may have succeeded (RFC 5461 §2.2).
    if (isOpened(control) || control.synAckAttempts > 0) return
    const errors = control.icmpErrors.filter((each) => each.quotesSyn && icmpCause(each) !== 'other')
    const [error, ...more] = errors.slice(0, SHOWN)
    if (!error) return
    const cause = icmpCause(error)
    const kind = cause === 'filter' || cause === 'loop' ? cause : 'route'
    const rejected = kind === 'filter' ? facts.rejectedBefore : []
    const nearClient = facts.vantage.at === 'client' && hopsPassed(error.hopLimit) === 0
    const elsewhere = nearClient ? 'client-network' : kind === 'filter' ? 'server-network' : 'path'
    yield {
      fact: { kind, ...endsOf(session), icmpFrom: error.from, icmp: icmpText(error), rejectedLogins: rejected.length },
      side: error.from === server.address ? 'server' : elsewhere,
      confidence: 'high',
      evidence: [
        icmpEvidence(error),
        ...synEvidence(control),
        ...more.map(icmpEvidence),
        ...rejectedEvidence(rejected),
      ],
    }
  },

  texts: {
    message({ kind, client, server, icmpFrom, icmp, rejectedLogins }) {
      const sender = icmpFrom === server.address ? 'the server itself' : icmpFrom
      const answered = `was answered by ${sender} with ICMP "${icmp}"`
      return `The control connection from ${client} to ${endpointWords(server)} ${answered}: ${CAUSES[kind]}.${banWords(client, rejectedLogins)}`
    },
  },

  remedy({ kind, client, icmpFrom, server: { address, port }, rejectedLogins }) {
    if (rejectedLogins > 0) return banRemedy(client)
    const rule = 'the rule that rejects it responds like iptables -j REJECT'
    const router = `${icmpFrom} is one of the routers in it: its route to that address points back`
    const absent = 'the host does not answer ARP or neighbor discovery: it is down or has another address'
    switch (kind) {
      case 'filter':
        return [`on ${icmpFrom}: allow TCP port ${port} to ${address} (${rule})`, rulesCommand('server')]
      case 'loop':
        return [`find the loop with a traceroute to ${address}; ${router}`]
      case 'route':
        return [`on ${icmpFrom}: repair the route to ${address}; if ${icmpFrom} is on the same network, ${absent}`]
    }
  },
})

const CAUSES: Readonly<Record<ControlUnreachable['kind'], string>> = {
  filter: 'a filter rule rejects it',
  loop: 'the packet is caught in a routing loop',
  route: 'there is no route to the host',
}
