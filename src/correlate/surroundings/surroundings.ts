import type { Connection, Direction, Endpoint } from '../../tcp/connection.js'
import type { ConnectionRegistry } from '../../tcp/connection-registry.js'
import { RowState } from '../../tcp/connection-rows.js'
import { ARP } from '../../wire/ether-type.js'
import { IpProtocol } from '../../wire/ip-protocol.js'
import type { Packet } from '../../wire/packet.js'
import { AddressRequests, type UnansweredAddress } from './address-requests.js'
import { protocolOfPayload } from './payload-protocol.js'

/** Ports, protocols and EtherTypes that are told apart; what comes later is counted together. */
const MOST_KINDS = 1024
/** Payloads of a port that are looked at: programs do not take turns on one. */
const MOST_LOOKED = 16

/** Connections to a port, which are no FTP as far as is known. */
export interface SeenPort {
  port: number
  connections: number
  firstFrame: number
  /** The only responder's address; `null` for several. */
  server: string | null
  /** Whether packets of a side were captured, in any of the connections. */
  initiatorSeen: boolean
  responderSeen: boolean
  /** What the first payloads showed: the name that most of them had; `null` if none was recognized. */
  protocol: string | null
  /** Whether any payload was captured. */
  carried: boolean
}

/** Packets that are not TCP. */
export interface SeenPackets {
  /** `udp`: by the lower port; `ip`: by protocol number; `link`: by EtherType, 0 where there is none. */
  layer: 'udp' | 'ip' | 'link'
  number: number
  packets: number
  firstFrame: number
}

/** What an input holds instead of sessions. */
export interface Seen {
  ports: SeenPort[]
  packets: SeenPackets[]
  /** Connections and packets of kinds that are not listed. */
  unlisted: { connections: number; packets: number }
  /** Addresses that were asked for by ARP without an answer. */
  unansweredAddresses: UnansweredAddress[]
  /** Control connections of hosts that were not asked for; `null` without any. */
  otherHosts: { connections: number; client: string; server: Endpoint; firstFrame: number } | null
}

/** `server` is undefined until the first observation point has ended. */
type Port = Pick<SeenPort, 'connections' | 'firstFrame' | 'initiatorSeen' | 'responderSeen' | 'carried'> & {
  server: string | null | undefined
}

interface Content {
  looked: number
  names: Map<string, number>
}

/**
 * Counts what an input holds besides FTP, over all its observation points, until it turns out to hold a session: then
 * nobody asks. Connections cost nothing until the end, when they are counted in their table.
 */
export class Surroundings {
  #isWanted = true
  readonly #content = new Map<number, Content>()
  readonly #ports = new Map<number, Port>()
  readonly #packets: Readonly<Record<SeenPackets['layer'], Map<number, SeenPackets>>> = {
    udp: new Map(),
    ip: new Map(),
    link: new Map(),
  }
  readonly #addresses = new AddressRequests()
  readonly #unlisted = { connections: 0, packets: 0 }
  #otherHosts: Seen['otherHosts'] = null

  /** The input holds a session. */
  sessionFound(): void {
    this.#isWanted = false
  }

  /** A control connection that is not asked for. */
  otherHosts({ initiator, responder, first }: Connection): void {
    if (this.#otherHosts) this.#otherHosts.connections++
    else
      this.#otherHosts = {
        connections: 1,
        client: initiator.address,
        server: { ...responder },
        firstFrame: first.frame,
      }
  }

  /** The first payload of one side of a connection to that port. */
  payload(bytes: Uint8Array, start: number, end: number, direction: Direction, port: number): void {
    if (!this.#isWanted) return
    let content = this.#content.get(port)
    if (!content) {
      if (this.#content.size >= MOST_KINDS) return
      content = { looked: 0, names: new Map() }
      this.#content.set(port, content)
    }
    if (content.looked >= MOST_LOOKED) return
    content.looked++
    const name = protocolOfPayload(bytes, start, end, direction)
    if (name !== null) content.names.set(name, (content.names.get(name) ?? 0) + 1)
  }

  /** A packet without a TCP segment or an ICMP error. */
  packet(packet: Packet): void {
    if (!this.#isWanted) return
    const { otherProtocol, otherType } = packet
    if (otherProtocol === IpProtocol.Udp)
      this.#count('udp', Math.min(packet.sourcePort, packet.destinationPort), packet.frame)
    else if (otherProtocol >= 0) this.#count('ip', otherProtocol, packet.frame)
    else {
      this.#count('link', otherType, packet.frame)
      if (otherType === ARP) this.#addresses.packet(packet)
    }
  }

  #count(layer: SeenPackets['layer'], number: number, frame: number): void {
    const kinds = this.#packets[layer]
    const kind = kinds.get(number)
    if (kind) kind.packets++
    else if (kinds.size < MOST_KINDS) kinds.set(number, { layer, number, packets: 1, firstFrame: frame })
    else this.#unlisted.packets++
  }

  /** An observation point has ended: counts its connections, except those to ports of control connections. */
  pointEnded({ table, addresses }: ConnectionRegistry, controlPorts: ReadonlySet<number>): void {
    if (!this.#isWanted) return
    // By port: the responder's id here, -1 for several.
    const servers = new Map<number, number>()
    for (let row = 0; row < table.size; row++) {
      const port = table.responderPort(row)
      // Data connections belong to sessions, if only to those of other hosts.
      if (controlPorts.has(port) || table.is(row, RowState.Announced)) continue
      const seen = this.#portOf(port, table.firstFrame(row))
      if (!seen) continue
      seen.connections++
      seen.initiatorSeen ||= table.is(row, RowState.InitiatorSeen)
      seen.responderSeen ||= table.is(row, RowState.ResponderSeen)
      seen.carried ||= this.#content.has(port) || table.is(row, RowState.Carried)
      const server = table.responder(row)
      servers.set(port, (servers.get(port) ?? server) === server ? server : -1)
    }
    for (const [port, id] of servers) {
      const seen = this.#ports.get(port)!
      const server = id < 0 ? null : addresses.text(id)
      seen.server = seen.server === undefined || seen.server === server ? server : null
    }
  }

  /** The entry of a port; `null` if there are too many. */
  #portOf(port: number, frame: number): Port | null {
    const known = this.#ports.get(port)
    if (known) return known
    if (this.#ports.size >= MOST_KINDS) {
      this.#unlisted.connections++
      return null
    }
    const seen = {
      connections: 0,
      firstFrame: frame,
      server: undefined,
      initiatorSeen: false,
      responderSeen: false,
      carried: false,
    }
    this.#ports.set(port, seen)
    return seen
  }

  /** What was seen up to the end of the latest observation point; `null` where sessions were found. */
  seen(): Seen | null {
    if (!this.#isWanted) return null
    const { udp, ip, link } = this.#packets
    return {
      ports: Array.from(this.#ports, ([port, { server = null, ...facts }]) => ({
        port,
        server,
        ...facts,
        protocol: mostOf(this.#content.get(port)?.names ?? NOTHING),
      })),
      packets: [...udp.values(), ...ip.values(), ...link.values()],
      unlisted: this.#unlisted,
      unansweredAddresses: this.#addresses.unanswered(),
      otherHosts: this.#otherHosts,
    }
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map()

/** The word with the highest count; `null` without any. */
function mostOf(counts: ReadonlyMap<string, number>): string | null {
  let most: string | null = null
  for (const [word, count] of counts) if (most === null || count > counts.get(most)!) most = word
  return most
}
