import { printableText } from '../text/printable.js'
import type { Cell } from './column.js'

/** A line of a CSV file (RFC 4180 §2): cells quoted where they must be, ended by CR LF. */
export function csvLine(cells: readonly Cell[]): string {
  return (
    cells.map((cell) => (typeof cell === 'string' ? quoted(inert(printableText(cell))) : (cell ?? ''))).join(',') +
    '\r\n'
  )
}

/**
 * What a spreadsheet takes for a formula at the start of a cell, also in the full width of East Asian keyboards. The start of a cell
 * is also what follows a semicolon, for spreadsheets whose language separates by that.
 */
const FORMULA = /(^|;)(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** A leading apostrophe makes text of it. Tabs and line breaks are escaped by now. */
function inert(text: string): string {
  return text.replace(FORMULA, "$1$2'")
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
