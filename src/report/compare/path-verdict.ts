import type { FateReport, HopReport, PathPlaceReport, PathReport } from './contract.js'
import { count } from '../text/units.js'

/** What became of the packets of a connection, in one sentence. */
export function pathVerdict(
  kind: PathReport['kind'],
  places: readonly Pick<PathPlaceReport, 'file'>[],
  hops: readonly HopReport[],
  fates: readonly Pick<FateReport, 'kind' | 'what'>[],
): string {
  const name = kind === 'control' ? 'control connection' : kind === 'data' ? 'data connection' : 'connection'
  const relayed = hops.findIndex((hop) => hop.relayed)
  if (relayed >= 0) {
    const [from, to] = [places[relayed]!.file, places[relayed + 1]!.file]
    return `A proxy between ${from} and ${to} ends the TCP connection and opens another one for the same dialogue.`
  }
  const injected = fates.filter((fate) => fate.kind === 'injected')
  const lost = fates.filter((fate) => fate.kind === 'lost')
  const rewritten = fates.filter((fate) => fate.kind === 'changed')
  const parts: string[] = []
  for (const group of [injected, rewritten, lost]) {
    const [first] = group
    if (!first) continue
    const more = group.length > 1 ? ` (and ${count(group.length - 1)} more ${first.kind})` : ''
    parts.push(`${first.what}${more}`)
  }
  if (parts.length > 0) return parts.map(sentence).join(' ')
  if (fates.length > 0) return `The ${name} arrived unchanged, as far as all captures have it.`
  return `The ${name} arrived unchanged.`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
