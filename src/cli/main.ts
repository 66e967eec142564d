/** The command line, run from its source; built, it is launched by `launch.ts`. */
import { commandLine } from './command-line.js'
import { collectSooner } from './start/gc.js'
import { refuseDebugger } from './start/no-debugger.js'

refuseDebugger()
collectSooner()
const status = await commandLine(process.argv.slice(2), import.meta.url)
// An input that is still open (an interrupted pipe) must not keep the process running; the report is already written.
process.exit(status)
