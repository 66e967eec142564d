import type { RemedyContext } from './remedy-context.js'

/** Advice to capture at another place as well; none where the capture that it asks for was given. */
export function unlessCaptured(
  { facts: { path } }: RemedyContext,
  at: 'client' | 'server' | 'elsewhere',
  advice: string,
): string[] {
  const isThere = path !== null && (at === 'elsewhere' || path.positions.includes(at))
  return isThere ? [] : [advice]
}
