/** Labels kept: real servers list about thirty. */
const MAX_FEATURES = 256

/**
 * Labels in the 211 to FEAT (RFC 2389 §3.2), in upper case: each feature is on its own line after a space. Sloppy
 * servers repeat the code (`211-MDTM`) or omit the space, so only the first and the last line, which are prose, are
 * skipped.
 */
export function parseFeatures(text: string): string[] {
  const lines = text.split('\n')
  const features = new Set<string>()
  for (const line of lines.slice(1, -1)) {
    const label = /^[!-~]{1,32}(?=\s|$)/.exec(line.trim())?.[0]
    if (label !== undefined && features.size < MAX_FEATURES) features.add(label.toUpperCase())
  }
  return [...features]
}
