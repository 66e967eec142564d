/**
 * How parts of a report for people are marked: each function wraps a text without markup, and adds nothing to its
 * width.
 */
export interface Style {
  failed(text: string): string
  degraded(text: string): string
  ok(text: string): string
  undetermined(text: string): string
  heading(text: string): string
  /** Less important text: labels, hints. */
  faint(text: string): string
}

const asIs = (text: string): string => text

export const plainStyle: Style = {
  failed: asIs,
  degraded: asIs,
  ok: asIs,
  undetermined: asIs,
  heading: asIs,
  faint: asIs,
}
