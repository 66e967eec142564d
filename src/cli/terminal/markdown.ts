import type { Style } from '../../report/style.js'
import { hang, wrap } from '../../report/text/wrap.js'

/**
 * Lays out a Markdown page for a terminal: headings are highlighted, paragraphs and lists are filled to the width, code
 * blocks and tables are unchanged. It supports what the pages of this project use, not all of CommonMark.
 */
export function layOutMarkdown(markdown: string, width: number, style: Style): string {
  const lines: string[] = []
  let open: { lead: string; indent: number; words: string } | null = null
  let inCode = false
  const close = (): void => {
    if (open) lines.push(...hang(open.lead, open.indent, plain(open.words), width))
    open = null
  }
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      close()
      inCode = !inCode
    } else if (inCode) {
      lines.push(`    ${line}`)
    } else if (line.trim() === '' || line.startsWith('|')) {
      close()
      lines.push(line)
    } else if (line.startsWith('#')) {
      close()
      lines.push(...wrap(plain(line.replace(/^#+\s*/, '')), width).map((part) => style.heading(part)))
    } else {
      const [, lead] = /^(\s*(?:[-*+]|\d+\.)\s+)/.exec(line) ?? []
      if (lead !== undefined || open === null) {
        close()
        const start: string = lead ?? ''
        open = { lead: start, indent: start.length, words: line.slice(start.length).trim() }
      } else open.words += ` ${line.trim()}`
    }
  }
  close()
  return lines.join('\n').replace(/\n*$/, '\n')
}

/** Text without the marks for code, emphasis and links. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, (_all, label: string, target: string) =>
      /^https?:/.test(target) && label !== target ? `${label} (${target})` : label,
    )
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll('`', '')
}
