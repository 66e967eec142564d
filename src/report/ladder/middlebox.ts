import type { SessionReport } from '../contract.js'
import { routersOf } from './icmp.js'
import type { LadderMiddlebox, LadderRow } from './model.js'

/** The middlebox between client and server, as far as the packets show one. */
export function middleboxOf(session: SessionReport, rows: readonly LadderRow[]): LadderMiddlebox | null {
  const { middlebox } = session
  if (middlebox === 'translator' || session.dataChannels.some(({ match }) => match === 'translated'))
    return named('NAT')
  const routers = routersOf(session)
  if (routers.length > 0) return { name: 'router', address: routers.length === 1 ? routers[0]! : null }
  if (middlebox === 'firewall' || rows.some(({ from }) => from === 'middlebox')) return named('firewall')
  return rows.some(({ to }) => to === 'middlebox') ? named('network') : null
}

function named(name: LadderMiddlebox['name']): LadderMiddlebox {
  return { name, address: null }
}
