/** A part of a page that explains a finding. Texts keep the marks for code, emphasis and links. */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  /** A paragraph, or an item of a list with its indentation and mark, `  - ` or `2. `. */
  | { kind: 'text'; lead: string; text: string }
  | { kind: 'code'; lines: string[] }
  /** A row of a table. */
  | { kind: 'row'; text: string }
  | { kind: 'gap' }

/** The blocks of a Markdown page: what the pages of this project use, not all of CommonMark. */
export function markdownBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { kind: 'text'; lead: string; text: string } | null = null
  let code: { kind: 'code'; lines: string[] } | null = null
  const add = (block: Block): void => {
    open = null
    blocks.push(block)
  }
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      code = code === null ? { kind: 'code', lines: [] } : null
      if (code) add(code)
    } else if (code) code.lines.push(line)
    else if (line.trim() === '') add({ kind: 'gap' })
    else if (line.startsWith('|')) add({ kind: 'row', text: line })
    else if (line.startsWith('#')) {
      const text = line.replace(/^#+\s*/, '')
      add({ kind: 'heading', level: /^#+/.exec(line)![0].length, text })
    } else {
      const [, lead] = /^(\s*(?:[-*+]|\d+\.)\s+)/.exec(line) ?? []
      if (lead !== undefined || open === null) {
        open = { kind: 'text', lead: lead ?? '', text: line.slice((lead ?? '').length).trim() }
        blocks.push(open)
      } else open.text += ` ${line.trim()}`
    }
  }
  return blocks
}
