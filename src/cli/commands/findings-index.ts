import { FINDING_IDS, type FindingId } from '../../diagnose/catalogue.js'
import { groupOf } from '../../diagnose/catalogue.js'
import { nearest } from '../../report/choose/nearest.js'

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

/** The finding with that name, or those that may have been meant: all whose id contains it, or the one most alike. */
export function findFinding(name: string): { id: FindingId } | { meant: readonly FindingId[] } {
  const wanted = name.trim().toLowerCase().replace(/\.md$/, '')
  const id = FINDING_IDS.find((each) => each === wanted)
  if (id) return { id }
  const containing = wanted.length < LEAST_PART ? [] : FINDING_IDS.filter((each) => each.includes(wanted))
  const alike = nearest(wanted, FINDING_IDS)
  return { meant: containing.length > 0 ? containing : alike === null ? [] : [alike] }
}

/** Letters of a part of an id that says something. */
const LEAST_PART = 3

/** The end of a sentence that says which findings may have been meant. */
export function meantWords(meant: readonly FindingId[]): string {
  const [first] = meant
  const all = '"ftpscope explain" lists all'
  if (first === undefined) return all
  return meant.length === 1 ? `did you mean ${first}? ${all}` : `there are ${meant.join(', ')}`
}
