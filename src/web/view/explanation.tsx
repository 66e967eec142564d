import { type Block, markdownBlocks } from '../../report/explain/blocks.js'
import { explanations, printing } from '../state.js'

/** The page that explains a finding, if the report contains it; otherwise the command that shows it. */
export function Explanation({ id }: { id: string }) {
  const page = explanations.value.get(id)
  if (page === undefined || printing.value) return <code>ftpscope explain {id}</code>
  return (
    <details class="explanation">
      <summary>
        What <code>{id}</code> means
      </summary>
      {sections(markdownBlocks(page)).map((section, at) => (
        <Section key={at} blocks={section} />
      ))}
    </details>
  )
}

/** Blocks between gaps; the page's title and the line with its id, which the report shows already, are left out. */
function sections(blocks: readonly Block[]): Block[][] {
  const list: Block[][] = []
  const from = Math.max(
    0,
    blocks.findIndex((block) => block.kind === 'heading' && block.level === 2),
  )
  let open: Block[] = []
  for (const block of [...blocks.slice(from), { kind: 'gap' } as const]) {
    if (block.kind !== 'gap') open.push(block)
    else if (open.length > 0) {
      list.push(open)
      open = []
    }
  }
  return list
}

function Section({ blocks }: { blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, at) => {
        switch (block.kind) {
          case 'heading':
            return <h4 key={at}>{block.text}</h4>
          case 'code':
            return <pre key={at}>{block.lines.join('\n')}</pre>
          case 'row':
            return <pre key={at}>{block.text}</pre>
          case 'text':
            return (
              <p key={at} class={block.lead === '' ? '' : 'item'} style={{ marginLeft: `${block.lead.length / 2}em` }}>
                {block.lead === '' ? '' : `${block.lead.trim().replace('-', '•')} `}
                <Inline text={block.text} />
              </p>
            )
          case 'gap':
            return null
        }
      })}
    </>
  )
}

/** Text with its code spans. Links are to other pages of the project: their label is enough. */
function Inline({ text }: { text: string }) {
  const plain = text.replace(/\[([^\]]*)\]\([^)\s]*\)/g, '$1').replaceAll('**', '')
  return <>{plain.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>
}
