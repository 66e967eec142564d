import { clustersOf, displayWidth, isPlain } from './display-width.js'

/** Breaks a text at spaces into lines of at most `width` columns; a longer word is broken where the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const word of text.split(/ (?! )/)) {
    const length = displayWidth(word)
    if (line !== '' && taken + 1 + length <= width) {
      line += ` ${word}`
      taken += 1 + length
      continue
    }
    if (line !== '') lines.push(line)
    if (length <= width) {
      line = word
      taken = length
      continue
    }
    const pieces = isPlain(word) ? plainPieces(word, width) : brokenPieces(word, width)
    line = pieces.pop() ?? ''
    taken = displayWidth(line)
    for (const piece of pieces) lines.push(piece)
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

function plainPieces(word: string, width: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < word.length; at += width) pieces.push(word.slice(at, at + width))
  return pieces
}

/** A long word in pieces that fit: each of its characters is measured once. A wider one has a line of its own. */
function brokenPieces(word: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let taken = 0
  for (const cluster of clustersOf(word)) {
    if (piece !== '' && taken + cluster.width > width) {
      pieces.push(piece)
      piece = ''
      taken = 0
    }
    piece += cluster.text
    taken += cluster.width
  }
  return [...pieces, piece]
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
