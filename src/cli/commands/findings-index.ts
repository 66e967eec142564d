import { FINDING_IDS, type FindingId } from '../../diagnose/catalogue.js'
import { groupOf } from '../../diagnose/catalogue.js'

/** All findings by the title of their group. */
export function findingGroups(): Map<string, FindingId[]> {
  const groups = new Map<string, FindingId[]>()
  for (const id of FINDING_IDS) {
    const group = groupOf(id)
    const ids = groups.get(group)
    if (ids) ids.push(id)
    else groups.set(group, [id])
  }
  return groups
}

/** The finding with that name, or the one that was most likely meant. */
export function findFinding(name: string): { id: FindingId } | { suggestion: FindingId | null } {
  const wanted = name.trim().toLowerCase().replace(/\.md$/, '')
  const id = FINDING_IDS.find((each) => each === wanted)
  if (id) return { id }
  const ranked = FINDING_IDS.map((each) => ({ each, likeness: likeness(wanted, each) })).sort(
    (a, b) => b.likeness - a.likeness,
  )
  const best = ranked[0]!
  return { suggestion: best.likeness >= ALIKE ? best.each : null }
}

const ALIKE = 0.5

/** Share of letter pairs that two words have in common (Sørensen–Dice), 0 to 1. */
function likeness(a: string, b: string): number {
  const left = pairs(a.slice(0, 100))
  const right = new Set(pairs(b))
  if (left.length + right.size === 0) return 0
  return (2 * left.filter((pair) => right.has(pair)).length) / (left.length + right.size)
}

function pairs(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))
}
