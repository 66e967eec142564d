/** Labels kept: real servers list some thirty. */
const MAX_FEATURES = 256

/**
 * Labels of a 211 to FEAT (RFC 2389 §3.2), in upper case: each feature stands on a line of its own behind a blank. Sloppy servers
 * repeat the code (`211-MDTM`) or leave the blank out, so only the first and the last line, which are prose, are left out.
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
