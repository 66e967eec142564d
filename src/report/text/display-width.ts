import stringWidth from 'string-width'

/** Characters of one column each: ASCII, and those of the report itself. The package is slow to load and to measure. */
const PLAIN = /^[ -~§–…→✓✗►◄⋮─═│░█]*$/

/** Columns that a text without markup takes in a terminal. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text)
}

const ELLIPSIS = '…'

/** At most `width` columns of the text; a truncated text ends in "…". */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  return headOf(text, width - 1) + ELLIPSIS
}

/** Like `clip`, but removes the middle: for addresses with a port, paths and the like, whose end matters. */
export function clipMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const end = Math.floor((width - 1) / 2)
  return headOf(text, width - 1 - end) + ELLIPSIS + tailOf(text, end)
}

/** As many characters from the start as fit; never splits a surrogate pair. */
export function headOf(text: string, width: number): string {
  let taken = 0
  let head = ''
  for (const character of text) {
    taken += displayWidth(character)
    if (taken > width) break
    head += character
  }
  return head
}

function tailOf(text: string, width: number): string {
  let taken = 0
  const tail: string[] = []
  for (const character of Array.from(text).reverse()) {
    taken += displayWidth(character)
    if (taken > width) break
    tail.push(character)
  }
  return tail.reverse().join('')
}
