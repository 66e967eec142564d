import type { Scenario } from '../scenario.js'
import { combine } from './combine.js'
import { activeFamilies } from './families/active.js'
import { controlFamilies } from './families/control.js'
import { healthyFamilies } from './families/healthy.js'
import { passiveFamilies } from './families/passive.js'
import { tlsFamilies } from './families/tls.js'
import { transferFamilies } from './families/transfer.js'

const FAMILIES = [
  ...healthyFamilies,
  ...controlFamilies,
  ...passiveFamilies,
  ...activeFamilies,
  ...tlsFamilies,
  ...transferFamilies,
]

/**
 * The modes of the catalogue, with servers, clients and networks combined in other ways; all modes once before any
 * comes twice.
 */
export function matrix(catalogue: readonly Scenario[]): readonly Scenario[] {
  const families = FAMILIES.map((family) => combine(family, catalogue))
  const rounds = Math.max(...families.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) => families.flatMap((all) => all.slice(round, round + 1))).flat()
}
