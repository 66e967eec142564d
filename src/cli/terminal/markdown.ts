import { type Block, markdownBlocks } from '../../report/explain/blocks.js'
import type { Style } from '../../report/style.js'
import { hang, wrap } from '../../report/text/wrap.js'

/**
 * Lays out a page that explains a finding for a terminal: headings are highlighted, paragraphs and lists are filled to
 * the width, code blocks and tables are unchanged.
 */
export function layOutMarkdown(markdown: string, width: number, style: Style): string {
  const lines = markdownBlocks(markdown).flatMap((block) => layOut(block, width, style))
  return lines.join('\n').replace(/\n*$/, '\n')
}

function layOut(block: Block, width: number, style: Style): string[] {
  switch (block.kind) {
    case 'heading':
      return wrap(plain(block.text), width).map((part) => style.heading(part))
    case 'text':
      return hang(block.lead, block.lead.length, plain(block.text), width)
    case 'code':
      return block.lines.map((line) => `    ${line}`)
    case 'row':
      return [block.text]
    case 'gap':
      return ['']
  }
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
