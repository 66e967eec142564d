import { readFile } from 'node:fs/promises'
import { CommandError, reasonOf } from '../errors.js'
import type { ProcessIo } from '../process-io.js'
import { openOutput } from '../output/open-output.js'
import { refuseTerminal } from '../output/refuse-terminal.js'
import type { Dependencies } from '../dependencies.js'

/** `ftpscope page [-o FILE]`: the page without an analysis, which analyzes captures itself. */
export async function page(file: string | undefined, io: ProcessIo, dependencies: Dependencies): Promise<void> {
  refuseTerminal(file, io)
  const html = await dependencies.page()
  const output = await openOutput(file, io)
  try {
    await output.write(html)
    await output.finish()
  } catch (error) {
    await output.discard()
    throw error
  }
}

/** The template that `npm run build` generated. */
export async function readPage(url: URL): Promise<string> {
  return readFile(url, 'utf8').catch((error: unknown) => {
    throw new CommandError(`Cannot read the page template: ${reasonOf(error)}; run "npm run build"`)
  })
}
