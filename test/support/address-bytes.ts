/**
 * Network bytes of an address in text: 4 for IPv4, 16 for IPv6 (RFC 4291 §2.2). Independent of the parser's, so that it
 * can test that.
 */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number)
  const [head = '', tail] = text.split('::')
  const front = groups(head)
  const back = groups(tail ?? '')
  const bytes = new Uint8Array(16)
  bytes.set(front)
  bytes.set(back, 16 - back.length)
  return bytes
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
