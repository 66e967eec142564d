import { escapeControls } from '../../bytes/text.js'

/** Longest value that a report for people shows, in characters; a hostile reply can be megabytes long. */
const LONGEST = 2000

/**
 * A copy of a part of the analysis in which every text is safe to print. All values pass through here once, before
 * layout: user names, paths, replies and file names come from the wire or from a disk, and so do the quotes in
 * findings.
 */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return printableText(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => printable(item)) as T
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printable<unknown>(item)])) as T
  }
  return value
}

/** One text, truncated if a hostile peer made it longer than anyone reads. */
export function printableText(text: string): string {
  return text.length > LONGEST ? escapeControls(text.slice(0, LONGEST)) + '…' : escapeControls(text)
}
