import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import { median } from '../digest/rows.js'
import type { Alignment } from './alignment.js'

/**
 * A firewall's RST can have all numbers of the host's own one that the firewall stopped; but it has not come the same
 * way. Resets whose hop limits differ otherwise than those of the other packets are two, of which neither arrived.
 */
export function separateForged({ a, b, ofA, ofB }: Alignment): void {
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    const hops: number[] = []
    const resets: number[] = []
    for (let row = 0; row < a.log.size; row++) {
      const there = ofA[row]!
      if (there < 0 || a.log.isIcmp(row) || a.log.direction(row) !== direction) continue
      if (a.log.flags(row) & TcpFlag.Rst) resets.push(row)
      else hops.push(a.log.hopLimit(row) - b.log.hopLimit(there))
    }
    const usual = median(hops)
    if (usual === null) continue
    for (const row of resets) {
      const there = ofA[row]!
      if (a.log.hopLimit(row) - b.log.hopLimit(there) !== usual) ofA[row] = ofB[there] = -1
    }
  }
}
