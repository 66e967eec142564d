import stringWidth from 'string-width'

/**
 * Characters of one column each, and each a cluster of its own: ASCII, Latin and IPA without the soft hyphen, and those
 * of the report itself. The package is slow to load and to measure.
 */
const PLAIN = /^[ -~¡-¬®-ʯ§–…→✓✗►◄⋮─═│░█]*$/

/** Columns that a text without markup takes in a terminal. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length
  let width = 0
  for (const cluster of clustersOf(text)) width += cluster.width
  return width
}

/** Whether each character takes one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** What a terminal shows as one character: a base with its marks, an emoji sequence (UAX 29). */
interface Cluster {
  text: string
  width: number
}

const segmenter = new Intl.Segmenter()

/** Characters that are segmented at a time: the engine takes the square of a text's length. */
const RUN = 128

/** The clusters of a text in order. Their widths add up to that of the text, so that none is measured twice. */
export function* clustersOf(text: string): Iterable<Cluster> {
  let at = 0
  while (at < text.length) {
    const run = runAt(text, at)
    const segments = Array.from(segmenter.segment(run), ({ segment }) => segment)
    // The last one may go on after the run, unless it is longer than any script's.
    if (at + run.length < text.length && segments.length > 1) segments.pop()
    for (const segment of segments) {
      at += segment.length
      yield { text: segment, width: widthOf(segment) }
    }
  }
}

function runAt(text: string, at: number): string {
  const run = text.slice(at, at + RUN)
  // A cut inside a surrogate pair.
  return /[\ud800-\udbff]$/.test(run) && at + RUN < text.length ? run.slice(0, -1) : run
}

/** Widths of the clusters measured so far: a text has few different ones. */
const widths = new Map<string, number>()
const MOST_WIDTHS = 4096
/** Longer clusters, which no script has, are not kept. */
const LONGEST_KEPT = 16

function widthOf(cluster: string): number {
  const known = widths.get(cluster)
  if (known !== undefined) return known
  const width = stringWidth(cluster)
  if (cluster.length <= LONGEST_KEPT) {
    if (widths.size === MOST_WIDTHS) widths.clear()
    widths.set(cluster, width)
  }
  return width
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

/** As many characters from the start as fit; never splits a cluster. */
function headOf(text: string, width: number): string {
  if (isPlain(text)) return text.slice(0, Math.max(0, width))
  let taken = 0
  let head = ''
  for (const cluster of clustersOf(text)) {
    taken += cluster.width
    if (taken > width) break
    head += cluster.text
  }
  return head
}

function tailOf(text: string, width: number): string {
  if (width <= 0) return ''
  if (isPlain(text)) return text.slice(-width)
  let taken = 0
  const tail: string[] = []
  for (const cluster of [...clustersOf(text)].reverse()) {
    taken += cluster.width
    if (taken > width) break
    tail.push(cluster.text)
  }
  return tail.reverse().join('')
}
