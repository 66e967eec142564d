import type { CaptureFile } from '../../capture/capture-file.js'
import type { Seen, SeenPackets, SeenPort } from '../../correlate/surroundings/surroundings.js'
import { endpointText } from '../../diagnose/words/evidence.js'
import { linkTypeName, linkTypeOf } from '../../wire/link-types.js'
import type { SeenReport } from '../seen-contract.js'
import { count, plural } from '../text/units.js'
import { ETHER_TYPES, IP_PROTOCOLS, isOfInterest, meaningOf, TCP_PORTS, UDP_PORTS } from './seen-words.js'

/** Entries of each kind; the others are counted together. */
const LISTED = 12
/** Protocols that use TLS, on ports where nobody expects FTP. */
const OTHER_TLS = /TLS|HTTPS|RDP/

/** What the parts of an input hold where none holds a session. */
export function describeSeen(parts: readonly (Seen | null)[], files: readonly CaptureFile[]): SeenReport[] {
  const seen = parts.filter((part) => part !== null)
  const frames = files.reduce((sum, file) => sum + file.frames, 0)
  if (frames === 0) return [NO_FRAMES]
  const ports = joined(seen.flatMap((each) => each.ports))
  const packets = joinedPackets(seen.flatMap((each) => each.packets))
  const connections = ports.map(describePort).sort(byInterest)
  const others = packets.map(describePackets).filter(isTold).sort(byInterest)
  return [
    ...undecoded(files),
    ...seen.flatMap(({ otherHosts }) => (otherHosts ? [describeOtherHosts(otherHosts)] : [])),
    ...capped(
      connections,
      seen.reduce((sum, { unlisted }) => sum + unlisted.connections, 0),
      'connection',
    ),
    ...unanswered(seen),
    ...capped(
      others,
      seen.reduce((sum, { unlisted }) => sum + unlisted.packets, 0),
      'packet',
    ),
  ]
}

const NO_FRAMES: SeenReport = {
  kind: 'nothing',
  protocol: null,
  port: null,
  count: 0,
  firstFrame: null,
  sentence: 'no packets at all: check the interface, the capture filter, and whether the program was stopped too early',
}

/** Frames whose link header is not decoded, by link type. */
function undecoded(files: readonly CaptureFile[]): SeenReport[] {
  const types = new Set(files.flatMap(({ linkTypes }) => linkTypes))
  return [...types]
    .filter((type) => !linkTypeOf(type)?.header)
    .map((type) => {
      const name = linkTypeName(type)
      const wireless = name.startsWith('IEEE 802.11')
      return {
        kind: 'undecoded',
        protocol: name,
        port: null,
        count: files.filter(({ linkTypes }) => linkTypes.includes(type)).reduce((sum, file) => sum + file.frames, 0),
        firstFrame: null,
        sentence: wireless
          ? `frames of ${name}, which are not decoded: capture without monitor mode, or on the wired side`
          : `frames of ${name}, which are not decoded`,
      }
    })
}

function describeOtherHosts({ connections, client, server, firstFrame }: NonNullable<Seen['otherHosts']>): SeenReport {
  const first = `from ${client} to ${endpointText(server.address, server.port)}`
  return {
    kind: 'other-hosts',
    protocol: 'FTP',
    port: server.port,
    count: connections,
    firstFrame,
    sentence:
      connections === 1
        ? `1 FTP control connection of other hosts than --host names: ${first}`
        : `${count(connections)} FTP control connections of other hosts than --host names, the first ${first}`,
  }
}

function describePort(seen: SeenPort): SeenReport {
  const { port, connections, firstFrame } = seen
  const protocol = seen.protocol ?? TCP_PORTS[port] ?? null
  return { kind: 'connections', protocol, port, count: connections, firstFrame, sentence: portSentence(seen) }
}

function portSentence({
  port,
  connections,
  server,
  protocol,
  carried,
  initiatorSeen,
  responderSeen,
}: SeenPort): string {
  const to = server === null ? `port ${port}` : endpointText(server, port)
  const subject = `${plural(connections, 'connection')} to ${to}`
  const are = connections === 1 ? 'is' : 'are'
  const named = TCP_PORTS[port] ?? null
  const asFtp = `name the port: --port ${port}`
  if (!responderSeen) return `${subject} ${connections === 1 ? 'was' : 'were'} not answered, as far as was captured`
  const half = initiatorSeen ? '' : ', of which only the answers were captured'
  if (protocol === 'FTP') return `${subject} ${connections === 1 ? 'carries' : 'carry'} FTP commands${half}; ${asFtp}`
  if (protocol === 'TLS for FTP')
    return `${subject} ${are} TLS whose client asks for FTP${half}: implicit FTPS; ${asFtp}`
  if (protocol === 'TLS' && (named === null || !OTHER_TLS.test(named)))
    return `${subject} ${are} TLS from the first byte${half}; if that is implicit FTPS, ${asFtp}`
  const name = protocol === 'TLS' ? named : protocol
  if (name !== null) return `${subject} ${are} ${withMeaning(name)}${half}`
  if (named !== null) return `${subject}, the port of ${withMeaning(named)}${half}`
  const what = carried ? 'of an unknown protocol' : 'without data'
  return `${subject} ${are} ${what}${half}; if that is FTP, ${asFtp}`
}

function withMeaning(protocol: string): string {
  const meaning = meaningOf(protocol)
  return meaning === null ? protocol : `${protocol}: ${meaning}`
}

function describePackets({ layer, number, packets, firstFrame }: SeenPackets): SeenReport {
  const table = layer === 'udp' ? UDP_PORTS : layer === 'ip' ? IP_PROTOCOLS : ETHER_TYPES
  const protocol = table[number] ?? null
  const port = layer === 'udp' ? number : null
  const kind = layer === 'udp' ? 'datagrams' : 'packets'
  return {
    kind,
    protocol,
    port,
    count: packets,
    firstFrame,
    sentence: packetSentence(layer, number, packets, protocol),
  }
}

function packetSentence(layer: SeenPackets['layer'], number: number, packets: number, protocol: string | null): string {
  const subject = plural(packets, layer === 'udp' ? 'UDP packet' : layer === 'ip' ? 'IP packet' : 'frame')
  if (layer === 'udp') {
    const to = `${subject} of port ${number}`
    return protocol === null ? to : `${to}, ${withMeaning(protocol)}`
  }
  if (protocol !== null) return `${subject} of ${withMeaning(protocol)}`
  if (layer === 'ip') return `${subject} of IP protocol ${number}`
  return number === 0 ? `${subject} without IP` : `${subject} of EtherType 0x${number.toString(16).padStart(4, '0')}`
}

/** TCP among packets that are not TCP is damaged, which anomalies tell. */
function isTold({ protocol }: SeenReport): boolean {
  return protocol !== 'TCP'
}

function unanswered(seen: readonly Seen[]): SeenReport[] {
  const addresses = seen.flatMap(({ unansweredAddresses }) => unansweredAddresses)
  return addresses.slice(0, LISTED / 4).map(({ address, asker, requests, firstFrame }) => ({
    kind: 'unanswered-address',
    protocol: 'ARP',
    port: null,
    count: requests,
    firstFrame,
    sentence:
      `${plural(requests, 'ARP request')} of ${asker} for ${address} without an answer: ` +
      `if ${asker} captured this, ${address} is down or not in its network, and nothing reaches it or what it routes to`,
  }))
}

/** The first of them, and how many the others count. */
function capped(all: readonly SeenReport[], unlisted: number, unit: 'connection' | 'packet'): SeenReport[] {
  const rest = all.slice(LISTED)
  const number = rest.reduce((sum, each) => sum + each.count, unlisted)
  if (number === 0) return [...all]
  const kinds = rest.length === 0 ? 'other kinds' : plural(rest.length, 'other kind')
  const more: SeenReport = {
    kind: unit === 'connection' ? 'connections' : 'packets',
    protocol: null,
    port: null,
    count: number,
    firstFrame: null,
    sentence: `${plural(number, unit)} of ${unit === 'connection' ? kinds.replace('kind', 'port') : kinds}`,
  }
  return [...all.slice(0, LISTED), more]
}

/** File transfer and tunnels first, then what there is most of. */
function byInterest(a: SeenReport, b: SeenReport): number {
  return Number(isOfInterest(b.protocol)) - Number(isOfInterest(a.protocol)) || b.count - a.count
}

/** Ports of several parts, each once. */
function joined(ports: readonly SeenPort[]): SeenPort[] {
  const byPort = new Map<number, SeenPort>()
  for (const each of ports) {
    const known = byPort.get(each.port)
    byPort.set(each.port, known ? joinedPort(known, each) : each)
  }
  return [...byPort.values()]
}

function joinedPort(a: SeenPort, b: SeenPort): SeenPort {
  return {
    port: a.port,
    connections: a.connections + b.connections,
    firstFrame: Math.min(a.firstFrame, b.firstFrame),
    server: a.server === b.server ? a.server : null,
    initiatorSeen: a.initiatorSeen || b.initiatorSeen,
    responderSeen: a.responderSeen || b.responderSeen,
    protocol: a.protocol ?? b.protocol,
    carried: a.carried || b.carried,
  }
}

function joinedPackets(packets: readonly SeenPackets[]): SeenPackets[] {
  const byKind = new Map<string, SeenPackets>()
  for (const each of packets) {
    const key = `${each.layer} ${each.number}`
    const known = byKind.get(key)
    byKind.set(key, known ? { ...known, packets: known.packets + each.packets } : each)
  }
  return [...byKind.values()]
}
