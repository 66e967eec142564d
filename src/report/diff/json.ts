import { safeJson } from '../json/safe-json.js'
import type { DiffReport } from './contract.js'

/** The difference as one JSON value, indented by two spaces, as `diff-schema.json` describes it. */
export function* diffJson(report: DiffReport): Iterable<string> {
  yield `${safeJson(report, 2)}\n`
}
