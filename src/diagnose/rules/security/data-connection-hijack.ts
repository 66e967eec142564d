import type { DataChannel, Session } from '../../../correlate/model.js'
import { isOpen } from '../../../correlate/transfers.js'
import { FROM_CLIENT } from '../../../ftp/model.js'
import { type Connection, Direction } from '../../../tcp/connection.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { passiveChannels } from '../../facts/passive.js'
import { hasMissed } from '../../places/whereabouts.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'
import { amount } from '../../words/quantities.js'

/** The paths from two uplinks of one client differ by one router; the path from a host elsewhere by more. */
const OTHER_PLACE = 2

export interface Hijack extends Fact {
  /** Whether the client itself tried later, or never. */
  kind: 'before-client' | 'instead-of-client'
  /** Addresses of the host that connected, of the client that should have, and of the server that announced it. */
  hijacker: string
  client: string
  server: string
  /** Address and port of the data connection, as text. */
  target: string
  /** Payload bytes that were transferred on it, in both directions. */
  bytes: number
  /** TTL or hop limit of the connection's SYN, and of the client on the control connection. */
  ttl: number
  clientTtl: number
}

export const dataConnectionHijack = defineRule<Hijack>({
  id: 'data-connection-hijack',
  title: 'third host takes the data connection',
  severity: 'error',
  side: 'unknown',
  level: 'cause',
  explains: ['data-peer-mismatch'],
  spares: ['transfer-incomplete'],
  references: ['RFC 2577 §4', 'RFC 4217 §10', 'CVE-1999-0351 (FTP PASV "Pizza Thief")'],
  samples: { reports: 'made/data-connection-hijack.pcap', silent: 'made/data-connection-hijack--silent.pcap' },
  needs: ['passive'],
  *check(session, { path }) {
    for (const channel of passiveChannels(session)) {
      const hijack = hijackOf(session, channel)
      if (!hijack) continue
      const { connection, contest } = hijack
      const atClient = path && cameFrom(path, connection, channel)
      // A translator gave the client's own connection another address.
      if (atClient === 'client') continue
      const { initiator, responder, flows } = connection
      yield {
        fact: {
          kind: contest ? 'before-client' : 'instead-of-client',
          hijacker: initiator.address,
          client: session.client.address,
          server: session.server.address,
          target: endpointText(responder.address, responder.port),
          bytes: flows[0].end + flows[1].end,
          ttl: flows[Direction.FromInitiator].hopLimit,
          clientTtl: session.control.flows[FROM_CLIENT].hopLimit,
        },
        confidence: contest || atClient === 'elsewhere' ? 'high' : 'medium',
        evidence: [
          at(connection.first, `SYN from ${initiator.address}`),
          announcementEvidence(channel.announcement!),
          at(connection.established!, 'the server accepted it'),
          ...(contest ? [at(contest.first, `the client's own attempt`)] : []),
        ],
        rivals: atClient === 'elsewhere' ? [] : ['data-peer-mismatch'],
        channel,
      }
    }
  },
  texts: {
    message({ kind, hijacker, client, server, target, bytes, ttl, clientTtl }) {
      const announced = `the port that ${server} had announced to ${client}`
      const own = kind === 'before-client' ? 'before the client did' : 'which never connected'
      const passed = bytes > 0 ? `; ${amount(bytes)} ${bytes === 1 ? 'was' : 'were'} transferred` : ''
      return `${hijacker} connected to ${target}, ${announced}, ${own}${passed}. ${ttlWords(ttl, clientTtl)}`
    },
  },
  remedy: ({ hijacker }, { serverSoftware }) => [
    serverRemedy(
      serverSoftware,
      'accept data connections only from the address of the control connection',
      (s) => s.ownAddressOnly,
    ),
    'use TLS for data with session reuse (PROT P; vsftpd require_ssl_reuse=YES), which a third host cannot forge',
    'use random passive ports from a wide range',
    `find out what ${hijacker} is: a client with several public addresses looks the same`,
  ],
})

/** A connection before the client's own is a hijack whatever its TTL is. */
function ttlWords(ttl: number, clientTtl: number): string {
  return ttl === clientTtl
    ? `Its TTL of ${ttl} matches the client's.`
    : `Its TTL of ${ttl} differs from the client's (${clientTtl}).`
}

/**
 * Where a connection from another address came from, as places nearer to the client show it: from the client, through a
 * translator, or from elsewhere; `null` if they do not show it.
 */
function cameFrom(path: PathFacts, connection: Connection, channel: DataChannel): 'client' | 'elsewhere' | null {
  const joined = path.connectionPath(connection)
  if (joined?.slots.some((slot) => slot < path.slot)) return 'client'
  const there = path.channelElsewhere(channel).filter(({ slot }) => slot < path.slot)
  if (there.some((each) => each.channel.connection !== null)) return 'client'
  const isComplete = there.some(({ slot }) => path.positions[slot] === 'client' && !hasMissed(path, slot))
  return isComplete ? 'elsewhere' : null
}

/** A connection from a third host that the server accepted, and the client's own later one, if any. */
function hijackOf(
  { client, control, surroundings }: Session,
  { connection: first, fromOtherHosts }: DataChannel,
): { connection: Connection; contest: Connection | null } | null {
  const all = [...(first ? [first] : []), ...fromOtherHosts]
  const isClient = ({ initiator }: Connection) => initiator.address === client.address
  const own = all.find(isClient) ?? null
  for (const connection of all) {
    if (isClient(connection) || connection.established === null || !isOpen(connection)) continue
    // The client has a control connection with that host, too: a transfer between two servers.
    if (surroundings.exchangePartners.includes(connection.initiator.address)) continue
    if (own) {
      if (connection.first.time < own.first.time) return { connection, contest: own }
      continue
    }
    const usual = control.flows[FROM_CLIENT].hopLimit
    const other = connection.flows[Direction.FromInitiator].hopLimit
    // With several uplinks behind a NAT the client's data comes from another address, but from the same place.
    if (usual > 0 && other > 0 && Math.abs(usual - other) >= OTHER_PLACE) return { connection, contest: null }
  }
  return null
}
