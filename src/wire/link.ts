import type { Cursor } from './cursor.js'
import { Stop } from './cursor.js'
import { EtherType } from './ether-type.js'
import { ethernet } from './ethernet.js'
import { linkTypeOf } from './link-types.js'
import { mpls } from './mpls.js'
import { pppProtocol } from './ppp.js'
import { pppoe } from './pppoe.js'
import { vlan } from './vlan.js'

/** Reads the link header of a frame whose interface has this LINKTYPE_ value. Returns the EtherType that follows. */
export function linkHeader(cursor: Cursor, linkType: number): number {
  const header = linkTypeOf(linkType)?.header
  return header ? header(cursor) : unsupported(cursor, linkType)
}

/** Skips what may stand between a link header and IP, in any nesting. Returns the EtherType of IP, or `Stop`. */
export function toNetwork(cursor: Cursor, etherType: number): number {
  // Each iteration takes bytes off the frame, so its length bounds the loop.
  for (let type = etherType; ;) {
    if (type === EtherType.Ipv4 || type === EtherType.Ipv6) return type
    const next = skipHeader(cursor, type)
    if (next === null) {
      cursor.stoppedAtType = type
      return Stop
    }
    type = next
  }
}

/** Skips one such header. Returns the EtherType after it; `null` where the type is that of none. */
export function skipHeader(cursor: Cursor, etherType: number): number | null {
  switch (etherType) {
    case EtherType.Vlan:
    case EtherType.ServiceVlan:
    case EtherType.OldServiceVlan1:
    case EtherType.OldServiceVlan2:
      return vlan(cursor)
    case EtherType.MplsUnicast:
    case EtherType.MplsMulticast:
      return mpls(cursor)
    case EtherType.PppoeSession:
      return pppoe(cursor)
    case EtherType.Ppp:
      return pppProtocol(cursor)
    case EtherType.Ethernet:
      return ethernet(cursor)
    default:
      return null
  }
}

function unsupported(cursor: Cursor, linkType: number): typeof Stop {
  cursor.anomalies.record('linktype-unsupported', cursor.frame, () => {
    const name = linkTypeOf(linkType)?.name
    return `Link type ${linkType}${name === undefined ? '' : ` (${name})`} is not supported`
  })
  return Stop
}
