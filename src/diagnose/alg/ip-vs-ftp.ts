import { parseAddress } from '../../wire/address.js'
import { hasLargeOctet, type Alg } from './alg.js'
import type { WireAnnouncement } from './wire-announcement.js'

/**
 * Linux LVS: net/netfilter/ipvs/ip_vs_ftp.c. `ip_vs_ftp_in()` looks for `PASV` CRLF and `EPSV` anywhere in the client's
 * segment and for PORT and EPRT at its start, `ip_vs_ftp_out()` for 227 or 229 at the start of the server's, and only
 * after the command that requested it. What `ip_vs_ftp_get_addrport()` cannot parse passes unchanged; its numbers have
 * 8 and 16 bits and wrap around.
 */
export const ipVsFtp: Alg = {
  name: 'LVS ip_vs_ftp',
  source: 'net/netfilter/ipvs/ip_vs_ftp.c: ip_vs_ftp_in, ip_vs_ftp_out, ip_vs_ftp_get_addrport',
  rules: [
    {
      when: ({ serverPort }) => serverPort !== 21,
      treatment: 'missed',
      why: 'the helper is registered for port 21 only, unless set otherwise with ports=',
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
      when: ({ kind, ipv6 }) => ipv6 && (kind === 'PORT' || kind === '227'),
      treatment: 'missed',
      why: 'PORT and PASV are for IPv4',
    },
    {
      when: ({ kind, asked }) => kind === '227' && asked !== null && asked !== 'PASV',
      treatment: 'missed',
      why: 'a 227 is recognized only after PASV',
    },
    {
      when: (s) => s.kind === '229' && s.asked !== null && !asksExtended(s),
      treatment: 'missed',
      why: 'a 229 is recognized only after EPSV for the address family of the connection',
    },
    {
      when: (s) => s.place === 'split' && read(s) === null,
      treatment: 'missed',
      why: 'the line is split across two segments',
    },
    {
      when: (s) => (s.kind === 'PORT' || s.kind === '227') && read(s) === null,
      treatment: 'missed',
      why: 'six numbers without spaces are required',
    },
    {
      when: (s) => s.kind === '229' && read(s) === null,
      treatment: 'missed',
      why: 'the 229 does not contain (|||port|)',
    },
    {
      when: (s) => s.kind === 'EPRT' && read(s) === null,
      treatment: 'missed',
      why: 'EPRT is not for the address family of its connection, or cannot be parsed',
    },
    {
      when: (s) => read(s)!.wraps,
      treatment: 'missed',
      why: 'a number that is too large wraps around and gives another address or port',
    },
  ],
}

function asksExtended({ asked, ipv6 }: WireAnnouncement): boolean {
  return asked === 'EPSV' || asked === (ipv6 ? 'EPSV 2' : 'EPSV 1')
}

/** `null` where it cannot parse the numbers and one character after them within the first segment. */
function read({ kind, head, ipv6 }: WireAnnouncement): { wraps: boolean } | null {
  const family = ipv6 ? '2' : '1'
  switch (kind) {
    // The space or parenthesis is optional here: the first digit is enough.
    case 'PORT':
      return six(/^[^ \d]*(?: +|(?=\d))(\d*(?:,\d*){5})(?!\d)./s.exec(head)?.[1])
    case '227':
      return six(/^[^(\d]*(?:\(+|(?=\d))(\d*(?:,\d*){5})(?!\d)./s.exec(head)?.[1])
    case '229': {
      const short = /^[^(]*\(+([!-~])\1\1(\d+)(?!\d)\1/s.exec(head)
      if (short) return readPort(short[2]!)
      const long = /^[^(]*\(+([!-~])([12])\1(.*?)\1(\d+)(?!\d)\1/s.exec(head)
      return long && long[2] === family && isAddress(long[3]!, ipv6) ? readPort(long[4]!) : null
    }
    case 'EPRT': {
      const parts = /^[^ ]* +([!-~])([12])\1(.*?)\1(\d+)(?!\d)\1/s.exec(head)
      return parts && parts[2] === family && isAddress(parts[3]!, ipv6) ? readPort(parts[4]!) : null
    }
    case 'LPRT':
    case '228':
      return null
  }
}

function six(tuple: string | undefined): { wraps: boolean } | null {
  return tuple === undefined ? null : { wraps: hasLargeOctet(tuple) }
}

/** 16 bits; 0 is not a port. */
function readPort(digits: string): { wraps: boolean } | null {
  const port = Number(digits)
  return port % 0x10000 === 0 ? null : { wraps: port > 0xffff }
}

/** `in4_pton()` accepts leading zeros. */
function isAddress(text: string, ipv6: boolean): boolean {
  if (ipv6) return parseAddress(text)?.length === 16
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((octet) => Number(octet) <= 255)
}
