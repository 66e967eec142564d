import type { PlaceAt } from '../../correlate/session-path.js'
import type { RemedyContext } from './remedy-context.js'

/**
 * Advice to capture at another place as well; none where the capture that it asks for was given. The outermost place of
 * a path may be that of the host where nothing shows that it is not. Where a capture was given that has no connection
 * at all, what it shows depends on where it was taken.
 */
export function unlessCaptured(
  { facts: { path } }: RemedyContext,
  at: 'client' | 'server' | 'elsewhere',
  advice: string,
): string[] {
  const isThere = path !== null && (at === 'elsewhere' || mayBe(path.positions, at))
  if (isThere) return []
  const [empty] = path?.path.emptyPlaces ?? []
  return empty === undefined ? [advice] : [`${empty} has no TCP connection: if it was taken there, nothing arrived`]
}

function mayBe(positions: readonly PlaceAt[], at: 'client' | 'server'): boolean {
  if (positions.includes(at)) return true
  return positions.length > 1 && positions.at(at === 'client' ? 0 : -1) === 'unknown'
}
