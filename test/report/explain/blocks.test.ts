import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { markdownBlocks } from '../../../src/report/explain/blocks.js'
import { ROOT } from '../../support/captures.js'

describe('The blocks of a page', () => {
  it('are headings, paragraphs, items with their mark, code and rows of tables', () => {
    const page = '# Title\n\nTwo\nlines.\n- one\n  more\n  - two\n2. three\n```sh\n# code\n\n```\n| a | b |'
    expect(markdownBlocks(page)).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'gap' },
      { kind: 'text', lead: '', text: 'Two lines.' },
      { kind: 'text', lead: '- ', text: 'one more' },
      { kind: 'text', lead: '  - ', text: 'two' },
      { kind: 'text', lead: '2. ', text: 'three' },
      { kind: 'code', lines: ['# code', ''] },
      { kind: 'row', text: '| a | b |' },
    ])
  })

  it('have all words of each page of a finding', () => {
    const folder = join(ROOT, 'docs/findings')
    for (const file of readdirSync(folder)) {
      const page = readFileSync(join(folder, file), 'utf8')
      const texts = markdownBlocks(page).map((block) => {
        if (block.kind === 'code') return block.lines.join(' ')
        return block.kind === 'text' ? block.lead + block.text : block.kind === 'gap' ? '' : block.text
      })
      const words = (text: string): string[] => text.split(/\s+/).filter((word) => !/^(?:#+|```\w*|)$/.test(word))
      expect(words(texts.join(' '))).toEqual(words(page))
    }
  })
})
