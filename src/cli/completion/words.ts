import type { Command, Option } from 'commander'
import { FINDING_IDS } from '../../diagnose/catalogue.js'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

export interface OptionWords {
  /** `-o`, `--output` */
  flags: string[]
  description: string
  /** Words that the option takes; `null` for a free value, empty for an option without value. */
  values: readonly string[] | null
}

/** What can be completed, taken from the program itself so that the two cannot differ. */
export interface CompletionWords {
  commands: { name: string; description: string }[]
  options: OptionWords[]
  /** Words that follow a command. */
  arguments: Record<'explain' | 'completion', readonly string[]>
}

export function completionWords(program: Command): CompletionWords {
  return {
    commands: [
      { name: 'analyze', description: 'analyze captures' },
      ...program.commands.map((command) => ({ name: command.name(), description: command.description() })),
    ],
    options: optionsOf(program).map(({ short, long, description, argChoices, required, optional }) => ({
      flags: [short, long].filter((flag) => typeof flag === 'string'),
      description,
      values: required || optional ? (argChoices ?? null) : [],
    })),
    arguments: { explain: FINDING_IDS, completion: SHELLS },
  }
}

/** The program's options and those of its commands, each name once. */
function optionsOf(program: Command): Option[] {
  const help = program.createHelp()
  const all = [program, ...program.commands].flatMap((command) => help.visibleOptions(command))
  return [...new Map(all.map((option) => [option.flags, option])).values()]
}
