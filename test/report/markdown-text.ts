/** Splits Markdown into text and code (CommonMark §4.5, §6.1), independently of the writer. */
export function markdownText(markdown: string): { text: string; code: string } {
  const text: string[] = []
  const code: string[] = []
  let fence = ''
  for (const line of markdown.split('\n')) {
    const [, marks] = /^(`{3,})(?:text)?$/.exec(line) ?? []
    if (fence !== '') {
      if (marks === line && marks.length >= fence.length) fence = ''
      else code.push(line)
    } else if (marks !== undefined) fence = marks
    else text.push(withoutSpans(line, code))
  }
  if (fence !== '') throw new Error('A code block does not end')
  return { text: text.join('\n'), code: code.join('\n') }
}

/** A run of backticks opens a span that the next run of the same length closes. */
function withoutSpans(line: string, code: string[]): string {
  let text = ''
  let rest = line
  for (;;) {
    const open = /`+/.exec(rest)
    if (!open) return text + rest
    const after = rest.slice(open.index + open[0].length)
    const close = new RegExp(`(?<!\`)\`{${open[0].length}}(?!\`)`).exec(after)
    text += rest.slice(0, open.index)
    if (!close) {
      text += open[0]
      rest = after
      continue
    }
    code.push(after.slice(0, close.index))
    rest = after.slice(close.index + open[0].length)
  }
}
