import { printableText } from '../text/printable.js'
import type { Cell } from './column.js'

/** A line of a CSV file (RFC 4180 §2): cells quoted as required, ending in CR LF. */
export function csvLine(cells: readonly Cell[]): string {
  return (
    cells.map((cell) => (typeof cell === 'string' ? quoted(inert(printableText(cell))) : (cell ?? ''))).join(',') +
    '\r\n'
  )
}

/**
 * What a spreadsheet takes for a formula at the start of a cell, including the full-width forms of East Asian
 * keyboards. A cell may also start after a semicolon, the separator of spreadsheets in some locales: then quotes that
 * this writer doubles begin and end an empty text, and what follows them begins the cell.
 */
const FORMULA = /(^|;)([\s"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A leading apostrophe makes it text. Tabs and line breaks are already escaped. */
function inert(text: string): string {
  return text.replace(FORMULA, "$1$2'")
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
