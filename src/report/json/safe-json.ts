/**
 * What JSON leaves unescaped although a terminal or an editor interprets or hides it: DEL, C1 controls (U+009B is a
 * one-byte ESC [), separators, marks that change the direction of text, zero-width characters.
 */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const ALL_UNSAFE = new RegExp(UNSAFE, 'gu')
/** All of these, and more: a class without properties is looked for many times as fast. */
const PERHAPS_UNSAFE = /[\u007f-\uffff]/

/** JSON of a value that is safe to print: the characters above appear as `\uNNNN`, which every JSON parser decodes. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  // Nearly always there is none, and a replacement copies the text even then.
  return PERHAPS_UNSAFE.test(text) && UNSAFE.test(text) ? text.replace(ALL_UNSAFE, escaped) : text
}

/** RFC 8259 §7: beyond U+FFFF, the two halves of the surrogate pair. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}
