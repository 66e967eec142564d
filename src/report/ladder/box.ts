import type { FindingReport, SessionReport } from '../contract.js'
import { routersOf } from './icmp.js'
import type { Box, LadderRow } from './model.js'

/** Findings that prove an address translator between the two, whichever side of it was captured. */
const TRANSLATORS: ReadonlySet<string> = new Set([
  'address-translated',
  'announcement-rewritten',
  'passive-private-address',
  'active-private-address',
  'passive-public-address-inside',
])

/** Findings that tell of a box that looks into the dialogue or forgets connections. */
const FIREWALLS: ReadonlySet<string> = new Set([
  'announcement-swallowed',
  'control-idle-dropped',
  'tls-hides-announcement',
  'tls-interference',
])

/** Findings that say in whose name, and by whom, a RST was sent. */
const RESETS: ReadonlySet<string> = new Set([
  'active-port-refused',
  'control-refused',
  'control-reset',
  'passive-port-refused',
  'tls-interference',
  'transfer-reset',
])

/** Frames of RSTs that a box sent in a host's name: findings put them beside neither host when their TTL is foreign. */
export function forgedResets({ findings }: SessionReport): Set<number> {
  const foreign = findings.filter(({ id, side }) => RESETS.has(id) && (side === 'path' || side.endsWith('-network')))
  return new Set(foreign.flatMap(({ evidence }) => evidence.map(({ frame }) => frame)))
}

/** What stands between client and server as far as the packets show it. */
export function boxOf(session: SessionReport, rows: readonly LadderRow[]): Box | null {
  const has = (ids: ReadonlySet<string>): boolean => session.findings.some(({ id }: FindingReport) => ids.has(id))
  if (has(TRANSLATORS) || session.dataChannels.some(({ match }) => match === 'translated')) return box('NAT')
  const routers = routersOf(session)
  if (routers.length > 0) return { name: 'router', address: routers.length === 1 ? routers[0]! : null }
  if (has(FIREWALLS) || rows.some(({ from }) => from === 'box')) return box('firewall')
  return rows.some(({ to }) => to === 'box') ? box('network') : null
}

function box(name: Box['name']): Box {
  return { name, address: null }
}
