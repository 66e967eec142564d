import type { Command } from 'commander'
import { FINDING_IDS } from '../../diagnose/finding-ids.js'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export interface OptionWords {
  /** `-o`, `--output` */
  flags: string[]
  description: string
  /** Words that the option takes; `null` for a free value, empty for an option without value. */
  values: readonly string[] | null
}

/** What can be completed, read from the program itself so that both cannot differ. */
export interface CompletionWords {
  commands: { name: string; description: string }[]
  options: OptionWords[]
  /** Words that follow a command. */
  arguments: Record<'explain' | 'completion', readonly string[]>
}

export function completionWords(program: Command): CompletionWords {
  const help = program.createHelp()
  return {
    commands: [
      { name: 'analyze', description: 'analyse captures' },
      ...program.commands.map((command) => ({ name: command.name(), description: command.description() })),
    ],
    options: help.visibleOptions(program).map(({ short, long, description, argChoices, required, optional }) => ({
      flags: [short, long].filter((flag) => typeof flag === 'string'),
      description,
      values: required || optional ? (argChoices ?? null) : [],
    })),
    arguments: { explain: FINDING_IDS, completion: SHELLS },
  }
}
