/** From the plan of a server to the connections that a firewall must allow, independent of any firewall's syntax. */
import type { PortRange } from '../../diagnose/remedies/passive-range.js'
import { unique } from './addresses.js'
import type { FirewallOptions } from './options.js'
import type { ClientPlan, ServerPlan } from './server-plan.js'

/** TCP connections to allow, in both directions once they are open. An empty list means any. */
export interface Permit {
  what: 'control' | 'passive' | 'active'
  from: readonly string[]
  fromPorts: readonly PortRange[]
  to: readonly string[]
  toPorts: readonly PortRange[]
}

/** Connections to `outside` that are forwarded to `inside`, with unchanged ports. */
export interface Redirect {
  outside: string
  ports: readonly PortRange[]
  inside: string
}

/** Connections that leave `inside` from these ports get the source address `outside`. */
export interface SourceNat {
  inside: string
  ports: readonly PortRange[]
  outside: string
}

/** Active data connections that come from a server's ports to any address of the NAT, for the one client behind it. */
export interface Return {
  from: string
  fromPorts: readonly PortRange[]
  ports: readonly PortRange[]
  client: string
}

/** What one server needs. */
export interface Needs {
  server: ServerPlan
  /** A helper or proxy reads the control connections to these ports of this address. */
  helper: { address: string; ports: readonly number[] } | null
  permits: readonly Permit[]
  redirects: readonly Redirect[]
  sources: readonly SourceNat[]
  returns: readonly Return[]
  /** What the owner of the firewall has to do elsewhere, or what this capture cannot show. */
  remarks: readonly string[]
}

/** Unprivileged ports. */
const HIGH: PortRange = { low: 1024, high: 65535 }

export function needsOf(server: ServerPlan, options: FirewallOptions): Needs {
  return (options.side ?? 'server') === 'server' ? serverSide(server, options) : clientSide(server, options)
}

function serverSide(server: ServerPlan, options: FirewallOptions): Needs {
  const clients = options.onlySeen ? server.clients.map(({ address }) => address) : []
  const control = server.controlPorts.map(single)
  const { advice } = server.passive
  const helped = mayHelp(server, options)
  const permits: Permit[] = [{ what: 'control', from: clients, fromPorts: [], to: server.inside, toPorts: control }]
  const redirects: Redirect[] = []
  const sources: SourceNat[] = []
  if (!helped) {
    permits.push({ what: 'passive', from: clients, fromPorts: [], to: server.inside, toPorts: [advice] })
    if (server.active.count > 0) {
      permits.push({
        what: 'active',
        from: server.inside,
        fromPorts: sourcePorts(server),
        to: clients,
        toPorts: [HIGH],
      })
    }
  }
  const [inside] = server.inside
  if (server.translated && server.outside !== null && inside !== undefined) {
    redirects.push({ outside: server.outside, ports: helped ? control : [...control, advice], inside })
    if (!helped && server.active.count > 0) {
      sources.push({ inside, ports: sourcePorts(server), outside: server.outside })
    }
  }
  return {
    server,
    helper: helped ? { address: server.outside ?? inside!, ports: server.controlPorts } : null,
    ...{ permits, redirects, sources, returns: [] },
    remarks: serverRemarks(server, helped),
  }
}

function clientSide(server: ServerPlan, options: FirewallOptions): Needs {
  const target = server.outside ?? server.inside[0]!
  const from = options.onlySeen ? unique(server.clients.map(({ inside }) => inside)) : []
  const helped = options.helper !== false && server.tlsSessions < server.sessions.length
  const blind = options.helper === false || server.tlsSessions > 0
  const { passive, active } = server
  const permits: Permit[] = [
    { what: 'control', from, fromPorts: [], to: [target], toPorts: server.controlPorts.map(single) },
  ]
  const returns: Return[] = []
  if (blind) {
    permits.push({
      what: 'passive',
      from,
      fromPorts: [],
      to: [target],
      toPorts: [passive.named ? passive.advice : HIGH],
    })
    const dialled = server.clients.filter((client) => client.active)
    if (active.count > 0 && dialled.length > 0) {
      permits.push({
        what: 'active',
        from: [target],
        fromPorts: sourcePorts(server),
        to: unique(dialled.map(({ inside }) => inside)),
        // A client uses another port each time: the announced one does not predict the next.
        toPorts: [HIGH],
      })
      const [client, ...others] = dialled.filter(({ translated }) => translated)
      if (client && others.length === 0) {
        returns.push({ from: target, fromPorts: sourcePorts(server), ports: [HIGH], client: client.inside })
      }
    }
  }
  return {
    server,
    helper: helped ? { address: target, ports: server.controlPorts } : null,
    ...{ permits, redirects: [], sources: [], returns },
    remarks: clientRemarks(server, blind),
  }
}

/**
 * A helper works if it can read the announcements and has something to rewrite: not under TLS, and not if the 227 is
 * already correct.
 */
function mayHelp(server: ServerPlan, { helper, dialect }: FirewallOptions): boolean {
  if (helper === false || server.tlsSessions > 0 || server.announcesOutside) return false
  // IPFilter's proxies belong to its address translation; without translation, ports are opened as in its manual.
  return dialect !== 'ipfilter' || server.translated
}

/** Where data connections of active mode come from: unpredictable once another port than the usual one was seen. */
function sourcePorts({ active, controlPorts }: ServerPlan): PortRange[] {
  const usual = controlPorts.map((port) => port - 1)
  return active.sourcePorts.every((port) => usual.includes(port)) ? usual.map(single) : []
}

function single(port: number): PortRange {
  return { low: port, high: port }
}

function serverRemarks(server: ServerPlan, helped: boolean): string[] {
  const { outside, passive, settings, translated } = server
  const { low, high } = passive.advice
  const remarks: string[] = []
  if (translated && outside === null) {
    remarks.push('the address that clients connect to was not captured; name it with --outside to add the translation')
  }
  if (server.inside.length > 1) {
    remarks.push(`several servers answer (${server.inside.join(', ')}); connections are forwarded to the first`)
  }
  if (helped) {
    if (translated) {
      remarks.push('the helper writes the public address into the 227: do not configure it on the server')
    }
    return remarks
  }
  if (server.tlsSessions > 0) remarks.push('TLS hides the announcements from any helper: a fixed range is opened')
  const range = settings?.passivePorts?.(low, high) ?? `passive ports ${low} to ${high}`
  remarks.push(
    passive.named || passive.advice.from === 'seen'
      ? `on the server${named(server)}, the same range: ${range}`
      : `on the server${named(server)}, FIRST: ${range}; the ports seen are not from a fixed range`,
  )
  if (translated && !server.announcesOutside) {
    const address = outside ?? 'the public address'
    remarks.push(
      `on the server${named(server)}: ${settings?.passiveAddress?.(address) ?? `announce ${address} in 227`}`,
    )
  }
  return remarks
}

function clientRemarks(server: ServerPlan, blind: boolean): string[] {
  const { passive, active } = server
  if (!blind) return []
  const remarks: string[] = []
  if (server.tlsSessions > 0) remarks.push('TLS hides the announcements from any helper: ports are opened instead')
  if (!passive.named) {
    remarks.push(
      'ask the owner of the server for its passive range, and name it with --passive-range to narrow the rule',
    )
  }
  if (active.count > 0 && server.clients.filter((client) => client.active && client.translated).length > 1) {
    remarks.push('without a helper, active mode cannot distinguish several clients behind one NAT: use passive mode')
  }
  return remarks
}

function named({ settings }: ServerPlan): string {
  return settings ? ` (${settings.name})` : ''
}

/** A client, behind NAT or not; for comments. */
export function clientText({ address, inside }: ClientPlan): string {
  return inside === address ? address : `${address} (inside ${inside})`
}
