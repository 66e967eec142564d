/** The table of docs/COMPARISON.md that lists each disagreement with its packets. */
import type { Disagreement } from './compare.js'
import { KNOWN, type KnownDisagreement } from './known-disagreements.js'

export interface Found extends Disagreement {
  capture: string
}

export function knownFor(found: Found): KnownDisagreement | undefined {
  return KNOWN.find(
    ({ aspects, captures, matches }) =>
      aspects.includes(found.aspect) &&
      (captures === undefined || captures.some((part) => found.capture.includes(part))) &&
      (matches === undefined || matches(found)),
  )
}

const PLACES: Record<Disagreement['aspect'], string> = {
  command: 'frame',
  reply: 'frame',
  data: 'stream',
  retransmissions: 'stream',
  handshake: 'stream',
}
const TOPICS: Record<Disagreement['aspect'], string> = {
  command: 'commands',
  reply: 'replies',
  data: 'data connections',
  retransmissions: 'retransmissions',
  handshake: 'round trip of the handshake',
}

/** A section for each known disagreement that occurs: what, who is right, why, and where. */
export function listOf(all: readonly Found[]): string {
  const sections = KNOWN.flatMap((known) => {
    const found = all.filter((one) => knownFor(one) === known)
    if (found.length === 0) return []
    const topics = known.aspects.filter((aspect) => found.some((one) => one.aspect === aspect)).map((a) => TOPICS[a])
    const right = known.right === 'both' ? 'Both are acceptable' : `${known.right} is right`
    return [`- **${topics.join(', ')}.** ${known.why} ${right}.`, ...placesOf(found)]
  })
  return sections.join('\n')
}

function placesOf(found: readonly Found[]): string[] {
  return [...groupBy(found, ({ capture }) => capture)].map(([capture, list]) => {
    const kinds = [...groupBy(list, ({ aspect }) => PLACES[aspect])]
    const places = kinds.map(([kind, of]) =>
      numbered(
        kind,
        [...new Set(of.map(({ at }) => at))].sort((a, b) => a - b),
      ),
    )
    return `  - \`${capture}\`: ${places.join('; ')}`
  })
}

/** "frames 3, 7–9" */
function numbered(kind: string, numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else runs.push([number, number])
  }
  const words = runs.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`,
  )
  return `${kind}${numbers.length === 1 ? '' : 's'} ${words.join(', ')}`
}

function groupBy<T, K>(list: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of list) {
    const group = groups.get(keyOf(one))
    if (group) group.push(one)
    else groups.set(keyOf(one), [one])
  }
  return groups
}
