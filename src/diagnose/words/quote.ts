/** Characters of one quote that a report shows. */
const LONGEST = 120

/**
 * Text from the wire in the facts and the evidence of a finding. A report shows it only after `shown` has removed the
 * secrets of the session from it; the program's own texts never pass through that. Only its first line is shown.
 */
export class Quote {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A fact as texts and reports see it: each quote is a string without secrets. */
export type Shown<T> = T extends Quote
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Shown<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Shown<T[Key]> }
      : T

/** Removes the secrets of one session from a text from the wire. */
export type Redactor = (text: string) => string

/** The same value with its quotes redacted. */
export function shown<T>(value: T, redact: Redactor): Shown<T> {
  return show(value, redact) as Shown<T>
}

function show(value: unknown, redact: Redactor): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Quote) return cut(redact(value.text))
  if (Array.isArray(value)) return value.map((item) => show(item, redact))
  // Facts are plain objects, of which there are several for each finding: entries would cost more than the copy.
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = show((value as Record<string, unknown>)[key], redact)
  return copy
}

/** The first line. Truncated after redaction: half of a secret would not be recognized as one. */
function cut(text: string): string {
  const end = text.indexOf('\n')
  return text.slice(0, end < 0 ? LONGEST : Math.min(end, LONGEST))
}
