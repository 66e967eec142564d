/**
 * What JSON leaves as it is although a terminal or an editor obeys it: DEL, C1 controls (U+009B is a one-byte ESC [), separators
 * and marks that turn the direction of text around.
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** JSON of a value that is safe to print: the characters above appear as `\uNNNN`, which every JSON reader turns back. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
