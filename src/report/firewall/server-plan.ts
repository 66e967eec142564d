/** What the sessions with one server need, independent of the firewall. */
import { adviseRange, type PortRange, type RangeAdvice, spanOf } from '../../diagnose/remedies/passive-range.js'
import { serverSettings, type ServerSettings } from '../../diagnose/remedies/settings/server-settings.js'
import { isPublic, isInside } from '../../wire/address-scope.js'
import { hostAddress, seenPorts, unique } from './addresses.js'
import type { DataChannelReport, SessionReport } from '../contract.js'
import type { FirewallOptions } from './options.js'

export interface ServerPlan {
  version: 4 | 6
  /** The address that clients connect to; `null` if only the private one is known. */
  outside: string | null
  /** Where the server listens; the same as `outside` without address translation. */
  inside: readonly string[]
  translated: boolean
  /** The server already announces its public address in 227. */
  announcesOutside: boolean
  controlPorts: readonly number[]
  /** Ids of the sessions. */
  sessions: readonly number[]
  /** Sessions under TLS, whose announcements no helper can read. */
  tlsSessions: number
  clients: readonly ClientPlan[]
  /** Settings of the recognized server; names from our own table, never from the wire. */
  settings: ServerSettings | null
  passive: { seen: PortRange | null; count: number; named: boolean; advice: RangeAdvice }
  active: { count: number; sourcePorts: readonly number[] }
}

export interface ClientPlan {
  /** As the server sees it, or as captured. */
  address: string
  /** Its own address behind NAT, if PORT revealed it or the capture was made there. */
  inside: string
  translated: boolean
  active: boolean
}

/** One plan for each server, in the order of their first sessions. */
export function planServers(sessions: readonly SessionReport[], options: FirewallOptions): ServerPlan[] {
  const groups: Group[] = []
  for (const session of sessions) {
    const sight = sightOf(session)
    if (!sight) continue
    const known = groups.filter((group) => sharesAddress(group, sight))
    const group = known[0] ?? newGroup(sight)
    if (known.length === 0) groups.push(group)
    // A session that shows both sides joins what looked like two servers before.
    for (const other of known.slice(1)) {
      absorb(group, other)
      groups.splice(groups.indexOf(other), 1)
    }
    group.outside ??= sight.outside
    for (const address of sight.inside) group.inside.add(address)
    group.announcesOutside ||= sight.announcesOutside
    group.sessions.push(session)
  }
  return groups.map((group) => planOf(group, groups.length === 1 ? options : { ...options, inside: [] }))
}

/** What one session shows of its server's addresses. */
interface Sight {
  version: 4 | 6
  outside: string | null
  inside: string[]
  announcesOutside: boolean
}

interface Group {
  version: 4 | 6
  outside: string | null
  inside: Set<string>
  announcesOutside: boolean
  sessions: SessionReport[]
}

function newGroup({ version, announcesOutside }: Sight): Group {
  return { version, announcesOutside, outside: null, inside: new Set(), sessions: [] }
}

/** The same private address behind two public ones means two servers: many networks use the same private addresses. */
function sharesAddress(group: Group, sight: Sight): boolean {
  if (sight.outside !== null && group.outside !== null) return sight.outside === group.outside
  return sight.inside.some((address) => group.inside.has(address))
}

function absorb(group: Group, other: Group): void {
  group.outside ??= other.outside
  for (const address of other.inside) group.inside.add(address)
  group.announcesOutside ||= other.announcesOutside
  group.sessions.push(...other.sessions)
}

/** The server's two sides as far as control connection and announcements show them; `null` if no host can be named. */
function sightOf(session: SessionReport): Sight | null {
  const server = hostAddress(session.server.address)
  if (!server) return null
  const version = server.includes(':') ? 6 : 4
  const announced = session.dataChannels
    .filter(({ mode }) => mode === 'passive')
    .flatMap(({ announcement }) => hostAddress(announcement?.address ?? null) ?? [])
    .filter((address) => address !== server && (address.includes(':') ? 6 : 4) === version)
  const behind = unique(announced.filter(isInside))
  if (behind.length > 0) return { version, outside: server, inside: behind, announcesOutside: false }
  const before = announced.find(isPublic)
  if (before !== undefined && isInside(server)) {
    return { version, outside: before, inside: [server], announcesOutside: true }
  }
  // A private address that a client with a public address reached: it is behind a NAT, of which the capture shows no
  // more.
  const hidden = isInside(server) && isPublic(session.client.address)
  return { version, outside: hidden ? null : server, inside: [server], announcesOutside: false }
}

function planOf(group: Group, options: FirewallOptions): ServerPlan {
  const { sessions } = group
  const outside = options.inside && options.inside.length === 0 ? group.outside : (options.outside ?? group.outside)
  const inside = options.inside && options.inside.length > 0 ? options.inside : [...group.inside]
  const channels = sessions.flatMap((session) => session.dataChannels)
  const passive = channels.filter(({ mode }) => mode === 'passive')
  const active = channels.filter(({ mode }) => mode === 'active')
  const ports = seenPorts(passive)
  const named = options.passiveRange
  return {
    version: group.version,
    outside,
    inside,
    translated: outside === null || inside.some((address) => address !== outside),
    announcesOutside: group.announcesOutside,
    controlPorts: unique(sessions.map(({ server }) => server.port)).sort((a, b) => a - b),
    sessions: sessions.map(({ id }) => id),
    tlsSessions: sessions.filter(({ security }) => security !== 'none').length,
    clients: clientsOf(sessions),
    settings: serverSettings(sessions.find((session) => session.serverSoftware !== null)?.serverSoftware ?? null),
    passive: {
      seen: spanOf(ports),
      count: ports.length,
      named: named !== undefined,
      advice: named ? { ...named, from: 'seen' } : adviseRange(ports),
    },
    active: {
      count: active.length,
      sourcePorts: unique(active.flatMap(({ connection, from }) => (connection && from.port ? [from.port] : []))),
    },
  }
}

function clientsOf(sessions: readonly SessionReport[]): ClientPlan[] {
  const clients = new Map<string, ClientPlan>()
  for (const { client, server, dataChannels } of sessions) {
    const address = hostAddress(client.address)
    if (!address) continue
    const active = dataChannels.filter(({ mode }) => mode === 'active')
    const behind = active.map(announcedAddress).find((own) => own !== null && own !== address && isInside(own))
    const known = clients.get(address)
    clients.set(address, {
      address,
      inside: behind ?? known?.inside ?? address,
      translated: behind !== undefined || known?.translated === true || (isInside(address) && isPublic(server.address)),
      active: active.length > 0 || known?.active === true,
    })
  }
  return [...clients.values()]
}

function announcedAddress({ announcement }: DataChannelReport): string | null {
  return hostAddress(announcement?.address ?? null)
}
