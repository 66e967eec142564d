import { finalReply, FROM_SERVER } from '../../../ftp/model.js'
import { isProxyHeader } from '../../../ftp/proxy-header.js'
import { isRefusal } from '../../../ftp/reply-codes.js'
import { isEstablished } from '../../facts/passive.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

export interface ProxyHeader extends Fact, Ends {
  kind: 'refused' | 'closed'
  /** The header; that of version 2 is binary. */
  header: CommandFact
  version: 1 | 2
  /** What the server replied to it; `null` if it closed the connection. */
  reply: ReplyFact | null
}

export const proxyProtocolHeader = defineRule<ProxyHeader>({
  id: 'proxy-protocol-header',
  title: 'server does not understand the PROXY protocol header',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  explains: ['reply-out-of-step', 'connection-limit', 'tls-required'],
  references: ['The PROXY protocol, versions 1 and 2 (haproxy.org), §2.1, §2.2', 'RFC 959 §5.4'],
  samples: { reports: 'made/proxy-protocol-header.pcap', silent: 'made/proxy-protocol-header--silent.pcap' },

  needs: ['troubled'],
  *check(session, facts) {
    const { dialogue, channels } = session
    const header = dialogue.exchanges.find(({ command }) => command !== null)
    if (!header || !isProxyHeader(header)) return
    const reply = finalReply(header)
    const version = header.command === 'PROXY' ? 1 : 2
    const ended = facts.closing?.direction === FROM_SERVER && facts.commandAfter(header) === null
    const closed = !reply && dialogue.login === 'none' && ended
    // A server that knows the header does not reply to it. The signature of version 2 contains QUIT.
    if (!closed && !(reply && (isRefusal(reply.code) || reply.code === QUIT_REPLY))) return
    const worked = dialogue.login === 'accepted' || channels.some(isEstablished)
    yield {
      fact: {
        kind: reply ? 'refused' : 'closed',
        ...endsOf(session),
        header: commandFact(header),
        version,
        reply: reply && replyFact(reply),
      },
      severity: worked ? 'info' : 'error',
      harmless: worked,
      confidence: reply ? 'high' : 'medium',
      evidence: [
        commandEvidence(header, `PROXY protocol header, version ${version}`),
        ...(reply ? [replyEvidence(reply, 'reply to it')] : []),
        ...(facts.closing ? [at(facts.closing, 'the connection is closed')] : []),
      ],
    }
  },

  texts: {
    message({ client, server, version, reply }) {
      const sent = `${client} begins the connection with a PROXY protocol header (version ${version})`
      const end = reply
        ? `takes it for a command: "${replyWords(reply)}". The client reads that reply as the one to its first command`
        : 'closes the connection'
      return `${sent}, as load balancers do; ${endpointWords(server)} does not know the protocol and ${end}.`
    },
  },

  remedy({ client }, { serverSoftware }) {
    const module = 'ProFTPD: mod_proxy_protocol with ProxyProtocolEngine on'
    const software = serverSoftware === null ? '' : ` (${serverSoftware})`
    return [
      `on the load balancer ${client}: do not send the header (HAProxy: server line without send-proxy; nginx: ` +
        'proxy_protocol off; AWS NLB: proxy protocol v2 off)',
      `or on the server${software}: enable the PROXY protocol, if it has it (${module})`,
    ]
  },
})

/** Goodbye, the reply to QUIT. */
const QUIT_REPLY = 221
