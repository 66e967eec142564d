import { CommanderError } from 'commander'
import { mistakenCommand } from './arguments/mistaken-command.js'
import { findConfig } from './config/find-config.js'
import { CommandError, printError } from './errors.js'
import type { ProcessIo } from './process-io.js'
import type { AnalyzeCommandOptions } from './options.js'
import { createProgram } from './program.js'
import type { Dependencies } from './dependencies.js'
import { Status } from './status.js'
import { standardOutput } from './output/standard-output.js'

/** Commands that read no capture: a configuration has nothing for them. */
const WITHOUT_CAPTURE: ReadonlySet<string> = new Set(['explain', 'page', 'completion'])

/** Runs the command line `argv` (without interpreter and script) and returns the exit status. */
export async function run(argv: readonly string[], io: ProcessIo, dependencies: Dependencies): Promise<Status> {
  let status: Status = Status.Done
  let help = ''
  const colorAllowed = (): boolean => program.opts<AnalyzeCommandOptions>().color
  const program = createProgram(dependencies.version, {
    async analyze(captures, options) {
      const [word] = captures
      const meant = mistakenCommand(
        word,
        program.commands.map((command) => command.name()),
      )
      if (meant !== null) throw new CommandError(`There is no file and no command "${word!}"; did you mean ${meant}?`)
      const { analyze } = await import('./commands/analyze-command.js')
      status = await analyze(captures, options, io, dependencies)
    },
    async firewall(captures, options) {
      const { firewall } = await import('./commands/firewall-command.js')
      status = await firewall(captures, options, io, dependencies)
    },
    async compare(captures, options) {
      const { compare } = await import('./commands/compare-command.js')
      status = await compare(captures, options, io, dependencies)
    },
    async diff(captures, options) {
      const { diff } = await import('./commands/diff-command.js')
      status = await diff(captures, options, io, dependencies)
    },
    async top(captures, options) {
      const { top } = await import('./commands/top-command.js')
      status = await top(captures, options, io, dependencies)
    },
    async slice(captures, options) {
      const { slice } = await import('./commands/slice-command.js')
      status = await slice(captures, options, io, dependencies)
    },
    async annotate(captures, options) {
      const { annotate } = await import('./commands/annotate-command.js')
      status = await annotate(captures, options, io, dependencies)
    },
    async extract(captures, options) {
      const { extract } = await import('./commands/extract-command.js')
      status = await extract(captures, options, io, dependencies)
    },
    async sanitize(captures, options) {
      const { sanitize } = await import('./commands/sanitize-command.js')
      status = await sanitize(captures, options, io, dependencies)
    },
    async explain(finding) {
      const { explain } = await import('./commands/explain.js')
      await explain(finding, io, colorAllowed(), dependencies)
    },
    async page() {
      const { page } = await import('./commands/page.js')
      await page(program.opts<AnalyzeCommandOptions>().output, io, dependencies)
    },
    async completion(shell, root) {
      const { completion } = await import('./completion/completion.js')
      await completion(shell, root, io)
    },
  })
  program.hook('preAction', async (_, command) => {
    if (WITHOUT_CAPTURE.has(command.name())) return
    const config = findConfig(program.opts<AnalyzeCommandOptions>().config, io.folder)
    if (config === null) return
    const { applyConfig } = await import('./config/apply-config.js')
    await applyConfig(config, program, command, io)
  })
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        help += text
      },
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text) => {
        printError(io, `${text.replace(/^error: /, '').trimEnd()} (see ftpscope --help)`)
      },
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
  }
  try {
    await program.parseAsync(argv, { from: 'user' }).catch(async (error: unknown) => {
      // Commander has already printed its message; --help and --version end the same way, with exit code 0.
      if (!(error instanceof CommanderError)) throw error
      status = error.exitCode === 0 ? Status.Done : Status.Failed
      if (help !== '') await standardOutput(io).write(help)
    })
    return status
  } catch (error) {
    if (error instanceof CommandError) {
      printError(io, error.message)
      return Status.Failed
    }
    throw error
  }
}
