import type { FindingReport } from '../contract.js'
import { remedySteps } from '../remedy-steps.js'
import type { LabelledLines } from './labelled.js'

/** What to change: each remedy, with its commands on lines of their own, to be pasted as they stand. */
export function addRemedy(body: LabelledLines, finding: Pick<FindingReport, 'remedy' | 'commands'>): void {
  for (const { text, commands } of remedySteps(finding)) {
    body.add('change', commands.length > 0 ? `${text}:` : text)
    const column = Math.max(0, ...commands.map(({ on }) => on?.length ?? 0))
    for (const { on, run } of commands)
      body.addUnbroken('change', column === 0 ? `  ${run}` : `  ${(on ?? '').padEnd(column)}  ${run}`)
  }
}
