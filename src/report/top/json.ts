import { safeJson } from '../json/safe-json.js'
import type { TopReport } from './contract.js'

export function topJson(report: TopReport): Iterable<string> {
  return [`${safeJson(report, 2)}\n`]
}
