import { firstNumbers, hasLargeOctet, isTuple, type Spoken, type Tracker } from './tracker.js'

/**
 * Linux LVS: net/netfilter/ipvs/ip_vs_ftp.c. `ip_vs_ftp_in()` looks for `PASV` CRLF and `EPSV` anywhere in the client's segment and
 * for PORT and EPRT at its start, `ip_vs_ftp_out()` for 227 or 229 at the start of the server's, and only behind the command that
 * asked for it. What `ip_vs_ftp_get_addrport()` cannot read passes unchanged.
 */
export const ipVsFtp: Tracker = {
  name: 'LVS ip_vs_ftp',
  source: 'net/netfilter/ipvs/ip_vs_ftp.c: ip_vs_ftp_in, ip_vs_ftp_out, ip_vs_ftp_get_addrport',
  rules: [
    {
      when: ({ serverPort }) => serverPort !== 21,
      treatment: 'missed',
      why: 'the application is registered for port 21 unless ports= says otherwise',
    },
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it knows neither LPRT nor 228',
    },
    {
      when: ({ place }) => place !== null,
      treatment: 'missed',
      why: 'it reads whole lines at the start of a segment only',
    },
    { when: ({ multiLine }) => multiLine, treatment: 'missed', why: 'the reply begins with another line' },
    {
      when: ({ kind, ipv6 }) => ipv6 && (kind === 'PORT' || kind === '227'),
      treatment: 'missed',
      why: 'PORT and PASV are for IPv4',
    },
    {
      when: ({ kind, asked }) => kind === '227' && asked !== null && asked !== 'PASV',
      treatment: 'missed',
      why: 'a 227 counts behind PASV only',
    },
    {
      when: (s) => s.kind === '229' && s.asked !== null && !asksExtended(s),
      treatment: 'missed',
      why: 'a 229 counts behind EPSV for the own family only',
    },
    {
      when: (s) => (s.kind === 'PORT' || s.kind === '227') && !isReadable(s.words),
      treatment: 'missed',
      why: 'no six numbers up to 255 without blanks',
    },
    {
      when: (s) => s.kind === '229' && !/\(+([!-~])(?:\1\1|[12]\1[0-9A-Fa-f.:]+\1)\d+\1/.test(s.words),
      treatment: 'missed',
      why: 'the 229 has no (|||port|)',
    },
    {
      when: (s) => s.kind === 'EPRT' && !isOwnFamily(s),
      treatment: 'missed',
      why: 'EPRT is not of the family of its connection, or cannot be read',
    },
  ],
}

function isReadable(words: string): boolean {
  const numbers = firstNumbers(words)
  return isTuple(numbers) && !hasLargeOctet(numbers)
}

function asksExtended({ asked, ipv6 }: Spoken): boolean {
  return asked === 'EPSV' || asked === (ipv6 ? 'EPSV 2' : 'EPSV 1')
}

function isOwnFamily({ words, ipv6 }: Spoken): boolean {
  const parts = /^ *([!-~])([12])\1[0-9A-Fa-f.:]+\1\d+\1/.exec(words)
  return parts !== null && (parts[2] === '2') === ipv6
}
