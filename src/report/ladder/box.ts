import type { SessionReport } from '../contract.js'
import { routersOf } from './icmp.js'
import type { Box, LadderRow } from './model.js'

/** What stands between client and server as far as the packets show it. */
export function boxOf(session: SessionReport, rows: readonly LadderRow[]): Box | null {
  const { middlebox } = session
  if (middlebox === 'translator' || session.dataChannels.some(({ match }) => match === 'translated')) return box('NAT')
  const routers = routersOf(session)
  if (routers.length > 0) return { name: 'router', address: routers.length === 1 ? routers[0]! : null }
  if (middlebox === 'firewall' || rows.some(({ from }) => from === 'box')) return box('firewall')
  return rows.some(({ to }) => to === 'box') ? box('network') : null
}

function box(name: Box['name']): Box {
  return { name, address: null }
}
