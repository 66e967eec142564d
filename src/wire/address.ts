import { DOT, isDigit, ZERO } from '../bytes/ascii.js'

const HEX_GROUP = /^[0-9a-f]{1,4}$/i
export const IPV4_LENGTH = 4
export const IPV6_LENGTH = 16
/** Offset of the IPv4 address in a v4-mapped one (RFC 4291 §2.5.5.2), after 80 zero bits and 16 one bits. */
export const MAPPED_V4_AT = 12
const MAPPED_ONES_AT = 10

/** The 4 (version 4) or 16 bytes of an IP address at `at` as text: dotted decimal or the canonical form of RFC 5952. */
export function addressText(bytes: Uint8Array, at: number, version: number): string {
  return version === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`
}

/** RFC 5952 §4: lower case, no leading zeros, `::` for the first of the longest runs of two or more zero groups. */
function ipv6Text(bytes: Uint8Array, at: number): string {
  if (isV4Mapped(bytes, at)) return `::ffff:${ipv4Text(bytes, at + MAPPED_V4_AT)}` // §5
  const groups: number[] = []
  for (let i = 0; i < IPV6_LENGTH; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!)
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

/** Whether the 16 bytes at `at` are a v4-mapped address, ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export function isV4Mapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < MAPPED_ONES_AT; i++) if (bytes[at + i] !== 0) return false
  return bytes[at + MAPPED_ONES_AT] === 0xff && bytes[at + MAPPED_ONES_AT + 1] === 0xff
}

/** The 4 or 16 bytes of an address in text; `null` if it is not one. No zone, no prefix length, no spaces. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** Four decimal numbers; a leading zero is rejected, since some parsers read it as octal (RFC 6943 §3.1.1). */
export function parseIpv4(text: string): Uint8Array | null {
  const bytes = new Uint8Array(IPV4_LENGTH)
  let at = 0
  for (let i = 0; i < IPV4_LENGTH; i++) {
    if (i > 0 && text.charCodeAt(at++) !== DOT) return null
    const start = at
    let octet = 0
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(at)) {
      octet = octet * 10 + code - ZERO
      if (++at - start > 3) return null
    }
    const length = at - start
    if (length === 0 || octet > 255 || (length > 1 && text.charCodeAt(start) === ZERO)) return null
    bytes[i] = octet
  }
  return at === text.length ? bytes : null
}

/** All forms of RFC 4291 §2.2: eight groups, `::` once for one or more zero groups, IPv4 as the last two groups. */
export function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::', 3)
  if (halves.length > 2) return null
  const head = parseGroups(halves[0]!, halves.length === 1)
  if (!head) return null
  if (halves.length === 1) return head.length === IPV6_LENGTH ? Uint8Array.from(head) : null
  const tail = parseGroups(halves[1]!, true)
  if (!tail || head.length + tail.length > IPV6_LENGTH - 2) return null
  const bytes = new Uint8Array(IPV6_LENGTH)
  bytes.set(head)
  bytes.set(tail, IPV6_LENGTH - tail.length)
  return bytes
}

/** The bytes of groups separated by colons, none for empty text; the last group of an address may be IPv4. */
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
  return bytes.length <= IPV6_LENGTH ? bytes : null
}
