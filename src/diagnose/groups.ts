import type { FindingId } from './finding-ids.js'
import { type Group, RULES_BY_GROUP } from './registry.js'

const groups = new Map<FindingId, Group>(
  RULES_BY_GROUP.flatMap(([group, rules]) => rules.map((rule) => [rule.id, group])),
)

/** Group of a finding; those without a rule on sessions speak of the capture. */
export function groupOf(id: FindingId): Group {
  return groups.get(id) ?? 'Capture quality'
}
