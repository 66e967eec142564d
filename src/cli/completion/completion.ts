import type { Command } from 'commander'
import type { ProcessIo } from '../process-io.js'
import { standardOutput } from '../output/standard-output.js'
import { bashCompletion } from './bash.js'
import { fishCompletion } from './fish.js'
import { powershellCompletion } from './powershell.js'
import { type CompletionWords, type Shell, completionWords } from './words.js'
import { zshCompletion } from './zsh.js'

const SCRIPTS: Record<Shell, (words: CompletionWords) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
}

/** `ftpscope completion SHELL` */
export async function completion(shell: Shell, program: Command, io: ProcessIo): Promise<void> {
  await standardOutput(io).write(SCRIPTS[shell](completionWords(program)))
}
