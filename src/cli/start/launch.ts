#!/usr/bin/env node
/**
 * Becomes `dist/cli/main.js`: starts the command line, which is bundled as one script and compiled in advance
 * (`build/command.ts`).
 */
import type * as commandLineModule from '../command-line.js'
import { CompiledScript } from './compiled-script.js'
import { collectSooner } from './gc.js'
import { refuseDebugger } from './no-debugger.js'

refuseDebugger()
// Before anything is compiled, since V8 accepts cached code only with the flags that it was compiled with.
collectSooner()
const script = new CompiledScript(new URL('command-line.cjs', import.meta.url))
const { commandLine } = script.run() as typeof commandLineModule
const status = await commandLine(process.argv.slice(2), import.meta.url)
// An input that is still open (an interrupted pipe) must not keep the process running; the report is already written.
process.exit(status)
