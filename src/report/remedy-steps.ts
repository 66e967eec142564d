import { type Command, commandsText, splitCommands } from '../diagnose/remedies/commands.js'
import type { FindingReport } from './contract.js'

/** The remedies of a rule as the report has them: each as one text, and the commands in it. */
export function describeRemedy(lines: readonly string[]): Pick<FindingReport, 'remedy' | 'commands'> {
  const parts = lines.map(splitCommands)
  const remedy = parts.map(({ sentence, commands }) => sentence + commandsText(commands))
  const commands = parts.flatMap((part, index) =>
    part.commands.map(({ on, run }) => ({ remedy: index, ...(on !== null && { on }), run })),
  )
  return { remedy, ...(commands.length > 0 && { commands }) }
}

/** A remedy apart from the commands that it ends in. */
export interface RemedyStep {
  text: string
  commands: Command[]
}

/** The remedies of a finding for a report that has a line for each command. */
export function remedySteps({ remedy, commands = [] }: Pick<FindingReport, 'remedy' | 'commands'>): RemedyStep[] {
  return remedy.map((whole, index) => {
    const own = commands.filter((each) => each.remedy === index).map(({ on = null, run }) => ({ on, run }))
    const end = commandsText(own)
    return { text: whole.endsWith(end) ? whole.slice(0, whole.length - end.length) : whole, commands: own }
  })
}
