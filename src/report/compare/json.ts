import { safeJson } from '../json/safe-json.js'
import type { ComparisonReport } from './contract.js'

/** The comparison as one JSON value, indented by two spaces, as `compare-schema.json` describes it. */
export function comparisonJson(report: ComparisonReport): string {
  return `${safeJson(report, 2)}\n`
}
