import { parseAddress } from '../../wire/address.js'
import type { Alg } from './alg.js'
import type { WireAnnouncement } from './wire-announcement.js'

/**
 * Linux: net/netfilter/nf_conntrack_ftp.c. `help()` inspects a segment only if it begins directly after a line end
 * (`find_nl_seq`); the table `search` has PORT, EPRT, `227 ` and `229 `. `find_pattern()` returns -1 for a verb with
 * numbers that `try_rfc959()`, `try_rfc1123()`, `try_eprt()` or `try_epsv_response()` cannot parse to their end, and
 * that means NF_DROP. A packet with an address other than the sender's is accepted, but creates no expectation unless
 * `loose=1`. A number that is too large overflows (`try_number()`, `get_port()`); since a change of May 2026 it
 * does not parse.
 *
 * test/lab/tracker compares this table with the behavior of a kernel.
 */
export const nfConntrackFtp: Alg = {
  name: 'Linux nf_conntrack_ftp',
  source: 'net/netfilter/nf_conntrack_ftp.c: help, find_pattern, try_number, try_eprt, try_epsv_response',
  rules: [
    {
      when: ({ serverPort }) => serverPort !== 21,
      treatment: 'missed',
      why: 'the helper is bound to port 21, unless set otherwise by a ct helper rule or ports=',
    },
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it supports neither LPRT nor 228',
    },
    { when: ({ place }) => place === 'behind', treatment: 'missed', why: 'it inspects only the start of a segment' },
    { when: ({ multiLine }) => multiLine, treatment: 'missed', why: 'the reply begins with another line' },
    { when: ({ form }) => form === 'indented', treatment: 'missed', why: 'the line does not begin with the verb' },
    {
      when: (s) => s.place === 'split' && read(s) === null,
      treatment: 'dropped',
      why: 'the line is split across two segments, a partial match',
    },
    {
      when: (s) => s.kind === 'PORT' && read(s) === null,
      treatment: 'dropped',
      why: 'PORT, one space, six numbers, and CR are required',
    },
    {
      when: (s) => s.kind === '227' && read(s) === null,
      treatment: 'dropped',
      why: 'six numbers without spaces are required at the first digit of the 227 text',
    },
    {
      when: (s) => s.kind === '229' && read(s) === null,
      treatment: 'dropped',
      why: 'the 229 does not have the form (|||port|)',
    },
    {
      when: (s) => s.kind === 'EPRT' && read(s) === null,
      treatment: 'dropped',
      why: 'EPRT does not give the family and address of its own connection in the form |1|address|port|',
    },
    {
      when: (s) => read(s)!.overflow,
      treatment: 'missed',
      why: 'a number that is too large overflows and gives another port',
    },
    {
      when: (s) => !sameAddress(read(s)!.address, s.sender),
      treatment: 'missed',
      why: "the address is not the sender's (loose=0)",
      ofAddress: true,
    },
  ],
}

/** What the helper parses: an address as text, `null` for the sender's own. */
interface Reading {
  address: string | null
  overflow: boolean
}

/** `null` where it cannot parse the numbers to their end within the first segment. */
function read({ kind, head, ipv6 }: WireAnnouncement): Reading | null {
  switch (kind) {
    // `search`: skips to a space; CR terminates.
    case 'PORT':
      return six(/^[^ ]* (\d*(?:,\d*){5})\r/s.exec(head)?.[1])
    // `try_rfc1123()`: from the first digit on; anything terminates.
    case '227':
      return six(/^\D*?(\d+(?:,\d*){5})[^\d,]/s.exec(head)?.[1])
    case '229': {
      const port = /^[^(]*\(([!-/:-~])\1\1(\d+)\1/s.exec(head)?.[2]
      return readPort(port, null)
    }
    case 'EPRT': {
      const parts = /^[^ ]* ([!-/:-~])([12])\1(.*?)\1(\d+)\1/s.exec(head)
      if (!parts || (parts[2] === '2') !== ipv6) return null
      const address = parts[3]!
      if (ipv6) return parseAddress(address)?.length === 16 ? readPort(parts[4], address) : null
      if (!/^\d*(?:\.\d*){3}$/.test(address)) return null
      return readPort(parts[4], addressOf(address.split('.').map(Number)))
    }
    case 'LPRT':
    case '228':
      return null
  }
}

/** Empty numbers count as 0. */
function six(tuple: string | undefined): Reading | null {
  if (tuple === undefined) return null
  const numbers = tuple.split(',').map(Number)
  return { address: addressOf(numbers), overflow: numbers.slice(4).some((number) => number > 255) }
}

/** The numbers are shifted and combined with OR: one above 255 may or may not change its neighbor. */
function addressOf(numbers: readonly number[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = numbers
  const all = (a << 24) | (b << 16) | (c << 8) | d
  return [24, 16, 8, 0].map((shift) => (all >>> shift) & 255).join('.')
}

/** `get_port()` counts in 16 bits and treats 0 as an error. */
function readPort(digits: string | undefined, address: string | null): Reading | null {
  const port = Number(digits ?? 0)
  return port % 0x10000 === 0 ? null : { address, overflow: port > 0xffff }
}

function sameAddress(address: string | null, sender: string): boolean {
  return address === null || String(parseAddress(address)) === String(parseAddress(sender))
}
