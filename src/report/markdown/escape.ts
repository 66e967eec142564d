import { printableText } from '../text/printable.js'

/**
 * Words of which every Markdown dialect makes plain text: no markup, HTML, entity, mention (`@name`), reference (`#1`, `!1`, `$1`),
 * link or emoji code. Backslashes would not do: GitHub finds mentions and references behind them too.
 */
const PLAIN = /^(?:[^\x00-\x7f]|[A-Za-z0-9.,;:'"()?/+=-])*$|^[>%]$/ // eslint-disable-line no-control-regex
const LINK = /:\/\/|^\(?www\./i
const EMOJI = /:[A-Za-z0-9+-]+:/
/** What the first word of a block turns into a list, a rule or a heading. */
const BLOCK = /^(?:[-+=>]|\d+[.)]$)/

/** Prose that may quote what came from the wire: words that could be anything but text become code. */
export function inline(text: string): string {
  return printableText(text)
    .split(' ')
    .map((word, at) => (isPlain(word) && !(at === 0 && BLOCK.test(word)) ? word : codeWithin(word)))
    .join(' ')
}

function isPlain(word: string): boolean {
  return PLAIN.test(word) && !LINK.test(word) && !EMOJI.test(word)
}

/** Brackets and punctuation around a word stay outside of its code. */
function codeWithin(word: string): string {
  const [, before = '', core = '', after = ''] = /^(["'(]*)(.*?)([.,;:)"']*)$/.exec(word) ?? []
  return core === '' ? code(word) : before + code(core) + after
}

/** Text from the wire as it came: nothing inside of a code span is obeyed (CommonMark §6.1). */
export function code(text: string): string {
  const shown = printableText(text)
  if (shown.trim() === '') return shown === '' ? '' : '` `'
  const fence = '`'.repeat(longestRun(shown) + 1)
  // A backtick at either end needs a blank between it and the fence; one on each side is taken away again.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : ''
  return fence + pad + shown + pad + fence
}

/** A code block whose fence is longer than any in it. */
export function codeBlock(lines: readonly string[]): string[] {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 0)
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [`${fence}text`, ...lines, fence]
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
}

/** A table; its cells are Markdown. Inside of a table a pipe ends a cell, in code too, unless a backslash stands before it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/[|]/g, '\\|')).join(' | ')} |`
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)]
}
