import type { DataChannel, Session } from '../../../correlate/model.js'
import { FROM_SERVER } from '../../../ftp/model.js'
import type { Connection, Sighting } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { type Role, roleOf } from '../../facts/payload.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Observation, type Side } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** Under TLS: neither side sent a byte on an established data connection, so TLS never began there. */
export interface NoClientHello extends Fact {
  /** It stood open for long; it was closed, and the server then replied; or the server owed a reply all the time. */
  kind: 'no-client-hello' | 'closed-without-client-hello' | 'no-reply-before'
  /** Address and port of the data connection, as text. */
  target: string
  client: string
  openNs: number
  /** Who closed it; `null` if it was open to the end. */
  closedBy: Role | null
}

/** A client that has something to say begins TLS at once, or as soon as the 150 has arrived. */
const PATIENCE_NS = 10e9

export const dataConnectionUnused = defineRule<NoClientHello>({
  id: 'data-connection-unused',
  title: 'data connection carried no bytes',
  severity: 'error',
  side: 'client',
  level: 'effect',
  explains: ['idle-timeout', 'capture-ends-inside'],
  references: ['RFC 4217 §7 (the FTP client is the TLS client of data connections)', 'RFC 959 §3.4.1'],
  samples: { reports: 'made/data-connection-unused.pcap', silent: 'made/data-connection-unused--silent.pcap' },

  *check(session, facts) {
    for (const channel of session.channels) {
      const { connection } = channel
      if (!connection || !isEstablished(channel) || connection.midstream || !isEmpty(connection)) continue
      yield* noClientHello(facts, channel, connection)
    }
  },

  texts: {
    message({ kind, target, client, openNs, closedBy }) {
      const open = `The data connection to ${target} was open for ${seconds(openNs)} without one byte in either direction`
      const end = closedBy === null ? '' : `, until the ${closedBy} closed it`
      if (kind === 'no-reply-before')
        return `${open}${end}: the server did not answer the command sent under TLS that was to use it.`
      return `${open}${end}: ${client} never sent a ClientHello, so TLS was not started on it.`
    },
  },

  remedy({ kind }) {
    if (kind === 'no-reply-before') return ['on the server: find out in its log why the transfer command got no reply']
    return [
      'in the client: under PROT P start TLS on every data connection, even if the file is empty ' +
        '(RFC 4217 §7); update it, or test with a file that is not empty',
      'on the server: a limit for the TLS handshake of data connections ends the wait ' +
        '(ProFTPD TLSTimeoutHandshake; vsftpd data_connection_timeout)',
    ]
  },
})

function isEmpty({ flows }: Connection): boolean {
  return flows.every(({ end, missingBytes, packets }) => end === 0 && missingBytes === 0 && packets > 0)
}

function* noClientHello(
  facts: SessionFacts,
  channel: DataChannel,
  connection: Connection,
): Generator<Observation<NoClientHello>> {
  const { session } = facts
  if (!isProtected(facts, channel)) return
  const closing = closingOf(connection)
  const opened = openedAt(connection)
  const openNs = (closing?.time ?? session.judgedAt) - opened.time
  const kind = openNs >= PATIENCE_NS ? longOpen(session, opened, openNs) : closedOnReply(session, closing)
  if (!kind) return
  const sides: Record<NoClientHello['kind'], Side> = {
    'no-client-hello': 'client',
    'closed-without-client-hello': 'client',
    'no-reply-before': 'server',
  }
  const { address, port } = connection.responder
  yield {
    fact: {
      kind,
      target: endpointText(address, port),
      client: session.client.address,
      openNs,
      closedBy: closing && roleOf(channel, closing.direction),
    },
    severity: kind === 'closed-without-client-hello' ? 'warning' : 'error',
    side: sides[kind],
    confidence: kind === 'no-client-hello' ? 'high' : 'medium',
    evidence: [
      at(opened, 'the data connection is open; no byte follows on it'),
      ...(closing ? [at(closing, `closed ${seconds(openNs)} later, without a ClientHello`)] : []),
    ],
    ...(kind === 'no-reply-before' ? { rivals: ['command-unanswered'] as const } : {}),
    channel,
  }
}

function openedAt({ established, first }: Connection): Sighting {
  return established ?? first
}

/** PROT P: as the client asked, or as another data connection under a hidden dialogue shows. */
function isProtected({ session, hidden }: SessionFacts, { transfer, announcement }: DataChannel): boolean {
  if (transfer) return transfer.command.protectedData && transfer.outcome !== 'refused'
  if (!hidden || announcement) return false
  const others = session.channels.flatMap(({ head }) => head?.content ?? [])
  return !others.includes('clear')
}

/** After the last command before the silence came a reply: it was the client's turn. */
function longOpen({ dialogue }: Session, opened: Sighting, openNs: number): NoClientHello['kind'] | null {
  const records = dialogue.tls?.records ?? []
  const last = records.findLast(({ time }) => time < opened.time + openNs / 2)
  if (!last || last.time < opened.time) return null
  return last.direction === FROM_SERVER ? 'no-client-hello' : 'no-reply-before'
}

/** The reply came when the client had closed: until then the server waited for data, or for TLS. */
function closedOnReply(session: Session, closing: Sighting | null): NoClientHello['kind'] | null {
  const usesTls = session.channels.some(({ head }) => head?.content.includes('tls'))
  if (!closing || !usesTls) return null
  const next = session.dialogue.tls?.records.find(({ time }) => time > closing.time)
  return next?.direction === FROM_SERVER ? 'closed-without-client-hello' : null
}
