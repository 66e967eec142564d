/** Remedies for data connections in passive or active mode. */
import { triedInVain, worksInMode } from '../facts/tried-verbs.js'
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
} from './firewall-remedies.js'
import type { RemedyContext } from './remedy-context.js'
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
    rulesCommand('server'),
  ]
}

const IN_FRONT = 'in every firewall in front of it'
const ON_SERVER = 'in the firewall of the server host, which the SYNs reached'

function fixedRangeRemedy(context: RemedyContext): string {
  const { low, high } = passiveRange(context)
  const fixed = `set a fixed range of passive ports, ${low} to ${high}`
  const onServer = serverRemedy(context.serverSoftware, fixed, (s) => s.passivePorts?.(low, high))
  return `${onServer}${seenText(context)}`
}

/** Remedy lines for active data connections that do not reach the client. */
export function activeRemedy(context: RemedyContext): string[] {
  // What let an active data connection through before in this session is configured already.
  const works = worksInMode(context.session, 'active')
  return [
    ...alternatives(
      passiveModeRemedy(context),
      works ? null : clientHelperLine(context),
      works ? null : outsideAddressRemedy(context),
      works ? 'in every firewall in front of the client: allow all ports that the client announces' : null,
    ),
    rulesCommand('client'),
  ]
}

/** Passive mode in the client; `null` if this session tried it in vain. */
export function passiveModeRemedy(context: RemedyContext): string | null {
  if (triedInVain(context.session, 'passive')) return null
  return clientRemedy(context.clientSoftware, 'use passive mode', (c) => c.passive)
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
  const held =
    `on the server: find out what holds source port ${port}: another FTP server or process, or an earlier connection ` +
    `in TIME-WAIT (Linux: ss -tanp 'sport = :${port}'; Windows: netstat -ano)`
  const outbound =
    `on the server: check what keeps it from connecting to ${address}: an outbound rule of its firewall, SELinux ` +
    '(ausearch -m avc -ts recent; setsebool -P ftpd_connect_all_unreserved on), no route ' +
    `(Linux: ip route get ${address}), or source port ${port} taken by another process`
  const passive = passiveModeRemedy(context)
  return alternatives(bound ? held : outbound, free, passive)
}

/**
 * Remedy lines for a SYN,ACK that was captured and never acknowledged: the port is open, and the way back from the
 * listening host is broken.
 */
export function returnPathRemedy(listener: 'client' | 'server', from: string, to: string): string[] {
  const uplinks =
    'with several uplinks, answer through the one on which the SYN arrived ' +
    '(Linux: ip rule add from ADDRESS lookup TABLE, or a connection mark; Windows: no second default gateway)'
  return [
    `on the ${listener}: check the route of its SYN,ACKs to ${to} (Linux: ip route get ${to} from ${from}); ${uplinks}`,
    `in the firewalls on the way from ${from} to ${to}: look for an asymmetric route, where a stateful firewall sees ` +
      'only one direction, and for a source address check that drops the SYN,ACK (rp_filter)',
    `to be sure: capture at the other end at the same time; a SYN,ACK that is missing there was dropped on the way back`,
  ]
}

/** Remedy lines for a port that the listening host itself refused: no firewall on the way is involved. */
export function refusedByHostRemedy(listener: 'client' | 'server', port: string): string[] {
  return [
    `on the ${listener}: check that a process listens on the announced port while the data connection is opened ` +
      `(Linux: ss -ltnp 'sport = :${port}'; Windows: netstat -ano), and that no local rule rejects it ` +
      '(reject with tcp-reset)',
  ]
}

/** Connect to the address of the control connection, whatever address the server announces. */
export function ignoreAnnouncedRemedy({ clientSoftware }: RemedyContext): string {
  return clientRemedy(clientSoftware, 'connect to the address of the control connection', (c) => c.ignoreAnnounced)
}

/** Announces the public address, with manual port forwarding. */
function outsideAddressRemedy({ session, clientSoftware }: RemedyContext): string {
  const { address } = session.client
  const outside = isPublic(address) ? address : 'its public address'
  const meaning = `announce ${outside} in active mode`
  const inClient = clientRemedy(clientSoftware, meaning, (c) => c.externalAddress?.(outside))
  return `${inClient}, and forward a fixed range of ports to the client`
}
