/** ASCII codes used by the parsers. */
export const BACKSPACE = 8
export const TAB = 9
export const LF = 10
export const CR = 13
export const ESC = 27
export const SPACE = 32
export const HYPHEN = 45
export const DOT = 46
export const ZERO = 48
export const DEL = 127

export function isDigit(code: number): boolean {
  return code >= ZERO && code < ZERO + 10
}
