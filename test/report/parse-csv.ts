/** A reader of RFC 4180, independent of the writer: records end in CR LF, quotes are doubled. Throws on violations. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      at++
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (at >= text.length) throw new Error('A quoted cell does not end')
        if (text[at] === '"') at++
        cell += text.charAt(at++)
      }
      at++
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n') throw new Error(`Character ${at} needs quotes`)
        cell += text.charAt(at++)
      }
    }
    record.push(cell)
    if (text[at] === ',') {
      at++
      continue
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`No CR LF at ${at}`)
    at += 2
    records.push(record)
    record = []
  }
  return records
}
