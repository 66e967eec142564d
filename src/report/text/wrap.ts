import { displayWidth, headOf } from './display-width.js'

/** Breaks a text at spaces into lines of at most `width` columns; a longer word is broken where the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const word of text.split(/ (?! )/)) {
    let rest = word
    let length = displayWidth(rest)
    if (line !== '' && taken + 1 + length <= width) {
      line += ` ${rest}`
      taken += 1 + length
      continue
    }
    if (line !== '') lines.push(line)
    while (length > width) {
      // At least one character per line, or a wide character in one column would loop forever.
      const head = headOf(rest, width) || String.fromCodePoint(rest.codePointAt(0)!)
      lines.push(head)
      rest = rest.slice(head.length)
      length = displayWidth(rest)
    }
    line = rest
    taken = length
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/**
 * Wraps a text after the lead of the first line; further lines are indented to the same column. `lead` is as wide as
 * `indent`.
 */
export function hang(lead: string, indent: number, text: string, width: number): string[] {
  const margin = ' '.repeat(indent)
  return wrap(text, Math.max(MINIMUM, width - indent)).map((line, at) => (at === 0 ? lead : margin) + line)
}

/** Columns that a hanging text keeps even if the terminal is too narrow for the layout. */
const MINIMUM = 20
