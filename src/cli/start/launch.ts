#!/usr/bin/env node
/** Becomes `dist/cli/main.js`: starts the command line, which is one script then, compiled in advance (`build/command.ts`). */
import type * as commandLineModule from '../command-line.js'
import { CompiledScript } from './compiled-script.js'
import { collectSooner } from './gc.js'

// First, since V8 accepts code only under the flags that it was compiled with.
collectSooner()
const script = new CompiledScript(new URL('command-line.cjs', import.meta.url))
const { commandLine } = script.run() as typeof commandLineModule
const status = await commandLine(process.argv.slice(2), import.meta.url)
// An input that waits for more (a pipe that was interrupted) must not hold the process; the report is written by now.
process.exit(status)
