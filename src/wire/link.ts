import type { Cursor } from './cursor.js'
import { Stop } from './cursor.js'
import { EtherType, etherTypeByVersion } from './ether-type.js'
import { ethernet } from './ethernet.js'
import { linuxCookedV1, linuxCookedV2 } from './linux-cooked.js'
import { loopback } from './loopback.js'
import { mpls } from './mpls.js'
import { ppp, pppProtocol } from './ppp.js'
import { pppoe } from './pppoe.js'
import { vlan } from './vlan.js'

/** Link types that people capture with and that are not decoded, to name them. */
const UNSUPPORTED = new Map<number, string>([
  [6, 'token ring'],
  [10, 'FDDI'],
  [105, 'IEEE 802.11'],
  [107, 'frame relay'],
  [119, 'IEEE 802.11 with Prism header'],
  [127, 'IEEE 802.11 with radiotap header'],
  [163, 'IEEE 802.11 with AVS header'],
  [187, 'Bluetooth HCI'],
  [189, 'USB'],
  [192, 'per-packet information'],
  [195, 'IEEE 802.15.4'],
  [201, 'Bluetooth HCI'],
  [220, 'USB'],
  [249, 'USB'],
  [253, 'netlink'],
])

/** Reads the link header of a frame whose interface has this LINKTYPE_ value. Returns the EtherType of what follows. */
export function linkHeader(cursor: Cursor, linkType: number): number {
  switch (linkType) {
    case 1:
      return ethernet(cursor)
    case 0:
    case 108:
      return loopback(cursor)
    // Raw IP: 101 is the value in files; 12 and 14 are the DLT_ values that some writers put there instead.
    case 12:
    case 14:
    case 101:
      return etherTypeByVersion(cursor)
    case 228:
      return EtherType.Ipv4
    case 229:
      return EtherType.Ipv6
    case 113:
      return linuxCookedV1(cursor)
    case 276:
      return linuxCookedV2(cursor)
    case 9:
    case 50:
      return ppp(cursor)
    default:
      return unsupported(cursor, linkType)
  }
}

/** Passes what can stand between a link header and IP, in any nesting. Returns the EtherType of IP, or `Stop`. */
export function toNetwork(cursor: Cursor, etherType: number): number {
  // Each turn takes bytes off the frame, so its length bounds the loop.
  for (let type = etherType; ;) {
    switch (type) {
      case EtherType.Ipv4:
      case EtherType.Ipv6:
        return type
      case EtherType.Vlan:
      case EtherType.ServiceVlan:
      case EtherType.OldServiceVlan1:
      case EtherType.OldServiceVlan2:
        type = vlan(cursor)
        break
      case EtherType.MplsUnicast:
      case EtherType.MplsMulticast:
        type = mpls(cursor)
        break
      case EtherType.PppoeSession:
        type = pppoe(cursor)
        break
      case EtherType.Ppp:
        type = pppProtocol(cursor)
        break
      case EtherType.Ethernet:
        type = ethernet(cursor)
        break
      default:
        return Stop
    }
  }
}

function unsupported(cursor: Cursor, linkType: number): typeof Stop {
  cursor.anomalies.record('linktype-unsupported', cursor.frame, () => {
    const name = UNSUPPORTED.get(linkType)
    return `Link type ${linkType}${name === undefined ? '' : ` (${name})`} cannot be decoded`
  })
  return Stop
}
