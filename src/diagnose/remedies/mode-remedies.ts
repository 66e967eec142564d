/** Remedies for data connections in passive or active mode. */
import { withCommands } from './commands.js'
import { triedInVain, worksInMode } from '../facts/tried-verbs.js'
import type { Mode } from '../../ftp/model.js'
import { isPublic } from '../../wire/address-scope.js'
import { alternatives } from './alternatives.js'
import {
  clientHelperLine,
  openRangeLine,
  passiveRange,
  present,
  rulesCommand,
  seenText,
  serverHelperLine,
  STATEFUL_FTP,
} from './firewall-remedies.js'
import { containsInspected, type Inspected, inspectedPort } from '../facts/inspected-ports.js'
import { SUGGESTED } from './passive-range.js'
import type { RemedyContext } from './remedy-context.js'
import { unlessCaptured } from './unless-captured.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy } from './settings/server-settings.js'

/** Where SYNs to passive ports are dropped, as far as the capture shows. */
export type Dropped = 'before-server' | 'at-server'

/** Remedy lines for a range of passive ports that is not open. */
export function openRangeRemedy(context: RemedyContext, dropped: Dropped = 'before-server'): string[] {
  const { session } = context
  return [
    fixedRangeRemedy(context),
    openRangeLine(context, session.server.address, dropped === 'at-server' ? ON_SERVER : IN_FRONT),
    // A helper that opened a port of this session is enabled already.
    ...(worksInMode(session, 'passive') ? [] : present(serverHelperLine(context))),
    ...(dropped === 'at-server' ? unlessCaptured(context, 'server', OTHER_INTERFACES) : []),
    rulesCommand('server'),
  ]
}

const OTHER_INTERFACES =
  'to be sure: capture on all interfaces of the server (tcpdump -i any); an answer that leaves by another uplink ' +
  'means that the return route is wrong, not the firewall'

const IN_FRONT = { where: 'in every firewall in front of it', chain: 'forward' } as const
const ON_SERVER = { where: 'in the firewall of the server host, which the SYNs reached', chain: 'input' } as const

/** Remedy lines for one passive port that fails while its neighbors work. */
export function avoidPortRemedy(context: RemedyContext, port: number): string[] {
  const inspected = inspectedPort(port)
  const seen = passiveRange(context)
  // Above the port, unless ports of that kind lie there as well.
  const above = { low: port + 1, high: Math.max(seen.high, port + RANGE) }
  const { low, high } = containsInspected(above.low, above.high) ? SUGGESTED : above
  const range = `a range of passive ports without ${port}, such as ${low} to ${high}`
  const set = serverRemedy(context.serverSoftware, `set ${range}`, (s) => s.passivePorts?.(low, high))
  const onServer = set.includes(range) ? set : `${set} (any range without ${port})`
  const onPath = 'in the firewalls and NATs on the path'
  return inspected
    ? alternatives(onServer, `${onPath}: ${withoutInspection(inspected)}`)
    : alternatives(`${onPath}: find the rule that treats port ${port} differently from its neighbors`, onServer)
}

function withoutInspection({ protocol, by }: Inspected): string {
  switch (by) {
    case 'alg':
      return `disable ${protocol} inspection (ALG, connection tracking helper)`
    case 'filter':
      return `allow the port, which is filtered because of ${protocol}`
    case 'proxy':
      return `exempt the server from the ${protocol} proxy`
  }
}

/** Ports of a range that is moved. */
const RANGE = 100

function fixedRangeRemedy(context: RemedyContext): string {
  const { low, high } = passiveRange(context)
  const fixed = `set a fixed range of passive ports, ${low} to ${high}`
  const onServer = serverRemedy(context.serverSoftware, fixed, (s) => s.passivePorts?.(low, high))
  return `${onServer}${seenText(context)}`
}

/** Remedy lines for active data connections that do not reach the client. */
export function activeRemedy(
  context: RemedyContext,
  dropped: 'before-client' | 'at-client' = 'before-client',
): string[] {
  const passive = passiveModeRemedy(context)
  if (dropped === 'at-client') return alternatives(passive, CLIENT_FIREWALL)
  // What let an active data connection through before in this session is configured already.
  const works = worksInMode(context.session, 'active')
  return [
    ...alternatives(
      passive,
      works ? null : clientHelperLine(context),
      works ? null : outsideAddressRemedy(context),
      works ? 'in every firewall in front of the client: allow all ports that the client announces' : null,
    ),
    rulesCommand('client'),
  ]
}

const CLIENT_FIREWALL = withCommands(
  'on the client: allow inbound connections for the FTP program in its own firewall, which the SYNs reached',
  ['Windows', 'netsh advfirewall firewall add rule name=FTP dir=in action=allow program=PATH'],
  ['Windows, for all programs', STATEFUL_FTP],
)

/** Passive mode in the client, by a command that this session did not try; `null` if it tried all in vain. */
export function passiveModeRemedy({ session, facts, clientSoftware }: RemedyContext): string | null {
  if (!triedInVain(session, 'passive')) return clientRemedy(clientSoftware, 'use passive mode', (c) => c.passive)
  const { refused, failed } = facts.verbs
  const tried = (verb: 'PASV' | 'EPSV') => refused.has(verb) || failed.has(verb)
  if (facts.overIpv6)
    return tried('EPSV') ? null : clientRemedy(clientSoftware, 'use passive mode with EPSV', (c) => c.extended)
  // Where a data connection to one port failed, one announced by another verb fails as well.
  if (tried('PASV') || failed.has('EPSV')) return null
  return clientRemedy(clientSoftware, 'use passive mode with PASV instead of EPSV', (c) => c.noExtended)
}

/** Active mode in the client; `null` if this session tried it in vain. */
export function activeModeRemedy(context: RemedyContext): string | null {
  if (triedInVain(context.session, 'active')) return null
  const meaning = 'use active mode, if no NAT or firewall is in front of the client'
  return clientRemedy(context.clientSoftware, meaning, (c) => c.active)
}

/** For a server that does not support the commands that IPv6 needs (RFC 2428 §1). */
export function overIpv4Remedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, "connect to the server's IPv4 address", (c) => c.ipv4)
}

/** Commands that the server does not implement. */
export function serverSupportRemedy(verbs: string): string {
  return `on the server: use a version that supports ${verbs}`
}

/**
 * Remedy lines for a data connection in active mode that the server itself did not open; `bound` if its own words say
 * that it could not bind the source port.
 */
export function serverConnectsRemedy(context: RemedyContext, bound: boolean): string[] {
  const { session, serverSoftware } = context
  const { address } = session.client
  const port = session.server.port - 1
  const free = serverRemedy(
    serverSoftware,
    'open data connections from a port chosen by the system',
    (s) => s.anySourcePort,
  )
  const held = withCommands(
    `on the server: find out what holds source port ${port}: another FTP server or process, or an earlier connection ` +
      'in TIME-WAIT; or whether the service may bind it (CAP_NET_BIND_SERVICE)',
    ['Linux', `ss -tanp 'sport = :${port}'`],
    ['Windows', 'netstat -ano'],
  )
  const outbound = withCommands(
    `on the server: check what keeps it from connecting to ${address}: an outbound rule of its firewall, SELinux, ` +
      `no route, or source port ${port} taken by another process`,
    ['SELinux', 'ausearch -m avc -ts recent'],
    ['SELinux', 'setsebool -P ftpd_connect_all_unreserved on'],
    ['Linux', `ip route get ${address}`],
  )
  const passive = passiveModeRemedy(context)
  return alternatives(bound ? held : outbound, free, passive)
}

/** The SYN,ACK of an open port is never acknowledged. */
export interface LostReturn {
  /** Who announced the port. */
  listener: 'client' | 'server'
  /** Addresses of the two ends: from which the SYN,ACK comes, and to which it goes. */
  from: string
  to: string
  /** It was captured at the host to which it goes. */
  arrived: boolean
}

/** Of a data connection in a mode, from the addresses of the control connection. */
export function lostReturnOf({ session, facts }: RemedyContext, mode: Mode): LostReturn {
  const [client, server] = [session.client.address, session.server.address]
  return mode === 'passive'
    ? { listener: 'server', from: server, to: client, arrived: facts.vantage.at === 'client' }
    : { listener: 'client', from: client, to: server, arrived: facts.vantage.at === 'server' }
}

/** Remedy lines for a port that is open, and whose SYN,ACK is lost on the way back. */
export function returnPathRemedy({ listener, from, to, arrived }: LostReturn, context: RemedyContext): string[] {
  const initiator = listener === 'client' ? 'server' : 'client'
  if (arrived) {
    return [
      `on the ${initiator}: check its own firewall and security software, which drops the SYN,ACKs from ${from} ` +
        'after they were captured (Linux: a rule before "ct state established accept", rp_filter)',
    ]
  }
  const uplinks =
    'with several uplinks, answer through the one on which the SYN arrived ' +
    '(Linux: a rule, or a connection mark; Windows: no second default gateway)'
  return [
    withCommands(
      `on the ${listener}: check the route of its SYN,ACKs to ${to}; ${uplinks}`,
      ['Linux', `ip route get ${to} from ${from}`],
      ['Linux', 'ip rule add from ADDRESS lookup TABLE'],
    ),
    `in the firewalls on the way from ${from} to ${to}: look for an asymmetric route, where a stateful firewall sees ` +
      'only one direction, and for a source address check that drops the SYN,ACK (rp_filter)',
    ...unlessCaptured(
      context,
      'elsewhere',
      'to be sure: capture at the other end at the same time; a SYN,ACK that is missing there was dropped on the way',
    ),
  ]
}

/** Remedy lines for a passive port that the server's host itself refused: no firewall before it is involved. */
export function refusedByServerRemedy(port: number): string[] {
  return [
    `on the server: ${listens(port)}`,
    'or, if a load balancer, a port forwarding or a container port mapping stands for the server under that address: ' +
      `forward port ${port} and the rest of the passive range to the host that announced it ` +
      '(Docker: -p 50000-50100:50000-50100)',
  ]
}

/** Remedy lines for an active port that the client's host itself refused. */
export function refusedByClientRemedy(context: RemedyContext, port: number): string[] {
  return alternatives(passiveModeRemedy(context), `on the client: ${listens(port)}`)
}

function listens(port: number): string {
  return withCommands(
    'check that a process listens on the announced port while the data connection is opened, and that no rule on ' +
      'that host rejects it (reject with tcp-reset)',
    ['Linux', `ss -ltnp 'sport = :${port}'`],
    ['Windows', 'netstat -ano'],
  )
}

/** PASV instead of EPSV. */
export function notExtendedRemedy({ clientSoftware, session }: RemedyContext): string {
  if (session.control.version === 6)
    return 'in the client: connect over IPv4 and use PASV, which cannot name an IPv6 address'
  return clientRemedy(clientSoftware, 'use PASV instead of EPSV', (c) => c.noExtended)
}

/** EPSV instead of PASV. */
export function extendedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'use EPSV instead of PASV', (c) => c.extended)
}

/** Connect to the address of the control connection, whatever address the server announces. */
export function ignoreAnnouncedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'connect to the address of the control connection', (c) => c.ignoreAnnounced)
}

/** Announces the public address, with manual port forwarding; `null` over IPv6, where there is none to translate. */
function outsideAddressRemedy({ session, facts, clientSoftware }: RemedyContext): string | null {
  if (facts.overIpv6) return null
  const { address } = session.client
  const known = isPublic(address) ? address : null
  const meaning = `announce ${known ?? 'its public address'} in active mode`
  const inClient = clientRemedy(clientSoftware, meaning, (c) => c.externalAddress?.(known ?? UNKNOWN_ADDRESS))
  return `${inClient}${addressNote(inClient)}, and forward a fixed range of ports to the client`
}

/** In commands, for a public address that the capture does not show. */
export const UNKNOWN_ADDRESS = 'ADDRESS'

/** What the placeholder in a remedy stands for, to be appended to it; empty where its words say so, or without one. */
export function addressNote(remedy: string): string {
  const needed = remedy.includes(UNKNOWN_ADDRESS) && !remedy.includes(MEANS_ADDRESS)
  return needed ? ` (${UNKNOWN_ADDRESS}: ${MEANS_ADDRESS})` : ''
}

const MEANS_ADDRESS = 'its public address'
