import type { FateReport, HopReport, PathPlaceReport, PathReport } from './contract.js'
import type { Path } from '../../paths/model.js'
import { count } from '../text/units.js'

/** What became of the packets of a connection, in one sentence. */
export function pathVerdict(
  kind: PathReport['kind'],
  places: readonly Pick<PathPlaceReport, 'file'>[],
  hops: readonly HopReport[],
  fates: readonly Pick<FateReport, 'kind' | 'what'>[],
  path: Path,
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
  const [only, ...others] = places
  if (only && others.length === 0)
    return `Only ${only.file} has the ${name}${isAnswered(path) ? '' : ', and no answer on it'}.`
  if (!isAnswered(path)) return `What was sent on the ${name} arrived unchanged, and nothing answered it.`
  if (fates.length > 0) return `The ${name} arrived unchanged, as far as all captures have it.`
  return `The ${name} arrived unchanged.`
}

/** Whether both ends sent something, or a router reported an error. */
function isAnswered({ observations }: Path): boolean {
  return observations.some(({ log }) => {
    for (let row = 1; row < log.size; row++) if (log.isIcmp(row) || log.direction(row) !== log.direction(0)) return true
    return false
  })
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
