/** Characters of one quote that a report shows. */
const LONGEST = 120

/**
 * Text from the wire in the facts and the evidence of a finding, of which a report shows the beginning of the first
 * line. The secrets of the session were taken out of it before (`hideSecrets`): half of one would not be found.
 */
export class Quote {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A fact as texts and reports see it: each quote is a string. */
export type Shown<T> = T extends Quote
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Shown<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Shown<T[Key]> }
      : T

/** The same value with strings for its quotes. */
export function shown<T>(value: T): Shown<T> {
  return show(value) as Shown<T>
}

function show(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Quote) return cut(value.text)
  if (Array.isArray(value)) return value.map(show)
  // Facts are plain objects, of which there are several for each finding: entries would cost more than the copy.
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = show((value as Record<string, unknown>)[key])
  return copy
}

/** The first line. */
function cut(text: string): string {
  const end = text.indexOf('\n')
  return text.slice(0, end < 0 ? LONGEST : Math.min(end, LONGEST))
}
