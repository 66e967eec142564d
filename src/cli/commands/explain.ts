import { readFile } from 'node:fs/promises'
import { FINDING_IDS, type FindingId } from '../../diagnose/catalogue.js'
import type { Style } from '../../report/style.js'
import { hang } from '../../report/text/wrap.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { CommandError, reasonOf } from '../errors.js'
import { findFinding, findingGroups, meantWords } from './findings-index.js'
import type { ProcessIo } from '../process-io.js'
import { layOutMarkdown } from '../terminal/markdown.js'
import { standardOutput } from '../output/standard-output.js'
import type { Dependencies } from '../dependencies.js'
import { widthOf } from '../terminal/width.js'

/** `ftpscope explain [FINDING]`: the page of a finding, or all findings with their titles. */
export async function explain(
  name: string | undefined,
  io: ProcessIo,
  colorAllowed: boolean,
  { findings }: Dependencies,
): Promise<void> {
  const style = styleFor(wantsColor(io, colorAllowed))
  const lines = name === undefined ? await list(findings, io, style) : await page(name, findings, io, style)
  await standardOutput(io).write(lines)
}

async function page(name: string, folder: URL, io: ProcessIo, style: Style): Promise<string> {
  const found = findFinding(name)
  if ('meant' in found) throw new CommandError(`Unknown finding "${name}"; ${meantWords(found.meant)}`)
  const markdown = await readPage(folder, found.id).catch((error: unknown) => {
    throw new CommandError(`Cannot read the page of ${found.id}: ${reasonOf(error)}`)
  })
  return io.stdout.isTTY ? layOutMarkdown(markdown, widthOf(io.stdout), style) : markdown
}

async function list(folder: URL, io: ProcessIo, style: Style): Promise<string> {
  const column = Math.max(...FINDING_IDS.map((id) => id.length)) + 4
  const lines: string[] = []
  for (const [title, ids] of findingGroups()) {
    if (lines.length > 0) lines.push('')
    lines.push(style.heading(title))
    const titles = await Promise.all(ids.map((id) => titleOf(folder, id)))
    for (const [at, id] of ids.entries()) {
      lines.push(
        ...hang(`  ${id}`.padEnd(column), column, titles[at]!, widthOf(io.stdout)).map((line) => line.trimEnd()),
      )
    }
  }
  return [...lines, ''].join('\n')
}

/** The page's first heading, without the id that it may begin with; empty if there is no page. */
async function titleOf(folder: URL, id: FindingId): Promise<string> {
  const markdown = await readPage(folder, id).catch(() => '')
  const [, heading = ''] = /^#[ \t]+(.+)$/m.exec(markdown) ?? []
  const bare = heading.replaceAll('`', '').trim()
  return bare.startsWith(id) ? bare.slice(id.length).replace(/^[\s:–—-]+/, '') : bare
}

function readPage(folder: URL, id: FindingId): Promise<string> {
  return readFile(new URL(`${id}.md`, folder), 'utf8')
}
