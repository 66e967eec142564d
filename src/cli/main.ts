/** The command line, run from its source; built, it is launched by `launch.ts`. */
import { commandLine } from './command-line.js'
import { collectSooner } from './start/gc.js'

collectSooner()
const status = await commandLine(process.argv.slice(2), import.meta.url)
// An input that waits for more (a pipe that was interrupted) must not hold the process; the report is written by now.
process.exit(status)
