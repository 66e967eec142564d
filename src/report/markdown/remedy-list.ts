import type { FindingReport } from '../contract.js'
import { remedySteps } from '../remedy-steps.js'
import { code, inline } from './escape.js'

/** What to change, as a list; commands as code, each in an item of its own below its remedy. */
export function* remedyList(finding: Pick<FindingReport, 'remedy' | 'commands'>): Iterable<string> {
  for (const { text, commands } of remedySteps(finding)) {
    yield `- ${inline(text)}${commands.length > 0 ? ':' : ''}`
    for (const { on, run } of commands) yield `  - ${on === null ? '' : `${inline(on)}: `}${code(run)}`
  }
}
