/** What the tests look for in Markdown files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/captures.js'

export interface CodeBlock {
  language: string
  text: string
}

export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }))
}

/** Targets of links to files of the repository, relative to the document, without fragments. */
export function localLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

/** Files of the repository named in code spans, from its root. */
export function namedFiles(markdown: string): string[] {
  const spans = [...markdown.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
  return spans.filter((span) => /^(?:src|test|samples|docs)\/[\w./-]*$/.test(span))
}

/** Scripts that the text tells the reader to run: `npm test`, `npm start`, `npm run build` … */
export function namedScripts(markdown: string): string[] {
  return [...markdown.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => match[1] ?? match[2]!)
}
