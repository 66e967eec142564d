const HEX_GROUP = /^[0-9a-f]{1,4}$/i
const DOT = 46
const ZERO = 48

/** The 4 (version 4) or 16 bytes of an IP address at `at`, as text: dotted decimal or RFC 5952's one form. */
export function addressText(bytes: Uint8Array, at: number, version: number): string {
  return version === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`
}

/** RFC 5952 §4: lower case, no leading zeros, `::` for the longest run of two or more zero groups, the first of equal ones. */
function ipv6Text(bytes: Uint8Array, at: number): string {
  if (isV4Mapped(bytes, at)) return `::ffff:${ipv4Text(bytes, at + 12)}` // §5
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!)
  let runStart = -1
  let runLength = 1
  for (let i = 0; i < 8;) {
    let next = i
    while (next < 8 && groups[next] === 0) next++
    if (next - i > runLength) {
      runStart = i
      runLength = next - i
    }
    i = next + 1
  }
  const hex = groups.map((group) => group.toString(16))
  if (runStart < 0) return hex.join(':')
  return `${hex.slice(0, runStart).join(':')}::${hex.slice(runStart + runLength).join(':')}`
}

/** Whether the 16 bytes at `at` are an IPv4 address in IPv6's notation, ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export function isV4Mapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff
}

/** Bytes of an address in text, 4 or 16; `null` when the text is neither. No zone, no prefix length, no blanks. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** Four decimal numbers; a leading zero is refused, since some readers take it for octal (RFC 6943 §3.1.1). */
export function parseIpv4(text: string): Uint8Array | null {
  const bytes = new Uint8Array(4)
  let at = 0
  for (let i = 0; i < 4; i++) {
    if (i > 0 && text.charCodeAt(at++) !== DOT) return null
    const start = at
    let octet = 0
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - ZERO) {
      octet = octet * 10 + digit
      if (++at - start > 3) return null
    }
    const length = at - start
    if (length === 0 || octet > 255 || (length > 1 && text.charCodeAt(start) === ZERO)) return null
    bytes[i] = octet
  }
  return at === text.length ? bytes : null
}

/** All forms of RFC 4291 §2.2: eight groups, `::` once for one or more zero groups, an IPv4 address as the last two groups. */
export function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::', 3)
  if (halves.length > 2) return null
  const head = parseGroups(halves[0]!, halves.length === 1)
  if (!head) return null
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : null
  const tail = parseGroups(halves[1]!, true)
  if (!tail || head.length + tail.length > 14) return null
  const bytes = new Uint8Array(16)
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

/** Bytes of groups between colons, none for empty text; the last may be an IPv4 address if these are the last of the address. */
function parseGroups(text: string, last: boolean): number[] | null {
  const bytes: number[] = []
  if (text === '') return bytes
  const parts = text.split(':', 9)
  for (const [i, part] of parts.entries()) {
    if (HEX_GROUP.test(part)) {
      const group = parseInt(part, 16)
      bytes.push(group >> 8, group & 0xff)
      continue
    }
    const v4 = last && i === parts.length - 1 ? parseIpv4(part) : null
    if (!v4) return null
    bytes.push(...v4)
  }
  return bytes.length <= 16 ? bytes : null
}
