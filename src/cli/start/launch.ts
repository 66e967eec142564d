#!/usr/bin/env node
/**
 * Becomes `dist/cli/main.js`: starts the command line, which is bundled as one script and compiled in advance
 * (`build/command.ts`), or by the first run on a capture.
 */
import { existsSync } from 'node:fs'
import type * as commandLineModule from '../command-line.js'
import { userCacheFolder } from './code-folder.js'
import { CompiledScript } from './compiled-script.js'
import { collectSooner } from './gc.js'
import { refuseDebugger } from './no-debugger.js'

refuseDebugger()
// Before anything is compiled, since V8 accepts cached code only with the flags that it was compiled with.
collectSooner()
const script = new CompiledScript(new URL('command-line.cjs', import.meta.url), userCacheFolder())
const { commandLine } = script.run() as typeof commandLineModule
const argv = process.argv.slice(2)
const status = await commandLine(argv, import.meta.url)
// A run on a capture compiles what the next one needs; others compile little of it.
if (!script.accepted && status === 0 && argv.some((word) => existsSync(word))) script.keepForUser()
// An input that is still open (an interrupted pipe) must not keep the process running; the report is already written.
process.exit(status)
