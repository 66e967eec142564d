import { printableText } from '../text/printable.js'

/**
 * Words that every Markdown dialect treats as plain text: no markup, HTML, entity, mention (`@name`), reference (`#1`,
 * `!1`, `$1`), link or emoji code. Backslashes are not sufficient: GitHub finds mentions and references after them too.
 */
const PLAIN = /^(?:[^\x00-\x7f]|[A-Za-z0-9.,;:'"()?/+=-])*$|^[>%]$/ // eslint-disable-line no-control-regex
const LINK = /:\/\/|www\.|[^\s.]\.\p{L}{2,}/iu
const EMOJI = /:[A-Za-z0-9+-]+:/
/** First words that turn a block into a list, a rule or a heading. */
const BLOCK = /^(?:[-+=>]|\d+[.)]$)/

/**
 * Prose that may quote texts from the wire: words that could be anything but plain text become code. Blanks at either
 * end, which make code blocks and line breaks, are dropped.
 */
export function inline(text: string): string {
  return printableText(text)
    .trim()
    .split(' ')
    .map((word, at) => (isPlain(word) && !(at === 0 && BLOCK.test(word)) ? word : codeWithin(word)))
    .join(' ')
}

function isPlain(word: string): boolean {
  return PLAIN.test(word) && !LINK.test(word) && !EMOJI.test(word)
}

/** Brackets and punctuation around a word stay outside its code span. */
function codeWithin(word: string): string {
  const [, before = '', core = '', after = ''] = /^(["'(]*)(.*?)([.,;:)"']*)$/.exec(word) ?? []
  return core === '' ? code(word) : before + code(core) + after
}

/** Text from the wire, unchanged: nothing inside a code span is interpreted (CommonMark §6.1). */
export function code(text: string): string {
  return codeSpan(printableText(text))
}

function codeSpan(text: string): string {
  if (text.trim() === '') return text === '' ? '' : '` `'
  const fence = '`'.repeat(longestRun(text) + 1)
  // A backtick at either end needs a space between it and the fence; renderers strip one on each side.
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : ''
  return fence + pad + text + pad + fence
}

/** A code block whose fence is longer than any inside it. */
export function codeBlock(lines: readonly string[]): string[] {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 0)
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [`${fence}text`, ...lines, fence]
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
}

/** A table; its cells are Markdown as `inline` and `code` write it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(withoutPipes).join(' | ')} |`
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)]
}

const CODE_SPAN = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g

/**
 * A pipe ends a cell even inside code, and renderers differ in which backslashes before it they count (`\\|`): so it is
 * written as an entity, which is none inside code, between two code spans.
 */
function withoutPipes(cell: string): string {
  if (!cell.includes('|')) return cell
  return cell
    .replace(CODE_SPAN, (span: string, _fence: string, content: string) =>
      span.includes('|') ? withoutPad(content).split('|').map(codeSpan).join('|') : span,
    )
    .replaceAll('|', '&#124;')
}

/** The content as `codeSpan` was given it. */
function withoutPad(content: string): string {
  return /^ .*[^ ].* $/.test(content) ? content.slice(1, -1) : content
}
