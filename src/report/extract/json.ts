import { safeJson } from '../json/safe-json.js'
import type { ExtractReport } from './contract.js'

export function extractJson(report: ExtractReport): string {
  return `${safeJson(report, 2)}\n`
}
