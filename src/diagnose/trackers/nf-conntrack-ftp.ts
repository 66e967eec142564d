import { firstNumbers, hasLargeOctet, isTuple, type Spoken, type Tracker } from './tracker.js'

/**
 * Linux: net/netfilter/nf_conntrack_ftp.c. `help()` looks only where a segment begins right behind a line end (`find_nl_seq`); the
 * table `search` has PORT, EPRT, `227 ` and `229 `. `find_pattern()` gives -1 for a verb with numbers that `try_rfc959()`,
 * `try_rfc1123()`, `try_eprt()` or `try_epsv_response()` cannot read to their end, and that is NF_DROP. Another address than the
 * sender's is accepted and not expected unless `loose=1`.
 */
export const nfConntrackFtp: Tracker = {
  name: 'Linux nf_conntrack_ftp',
  source: 'net/netfilter/nf_conntrack_ftp.c: help, find_pattern, try_number, try_eprt, try_epsv_response',
  rules: [
    {
      when: ({ serverPort }) => serverPort !== 21,
      treatment: 'missed',
      why: 'the helper is bound to port 21 unless a ct helper rule or ports= says otherwise',
    },
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it knows neither LPRT nor 228',
    },
    { when: ({ place }) => place === 'behind', treatment: 'missed', why: 'it looks at the start of a segment only' },
    { when: ({ multiLine }) => multiLine, treatment: 'missed', why: 'the reply begins with another line' },
    {
      when: ({ place }) => place === 'split',
      treatment: 'dropped',
      why: 'the line is split over two segments, a partial match',
    },
    {
      when: (s) => s.kind === 'PORT' && !(isTuple(s.words) && !s.bareLineFeed),
      treatment: 'dropped',
      why: 'six numbers must follow PORT and one blank, and CR must follow them',
    },
    {
      when: (s) => s.kind === '227' && !isTuple(firstNumbers(s.words)),
      treatment: 'dropped',
      why: 'no six numbers without blanks at the first digit of the 227',
    },
    {
      when: (s) => s.kind === '229' && !isPort229(s.words),
      treatment: 'dropped',
      why: 'the 229 is not of the form (|||port|)',
    },
    {
      when: (s) => s.kind === 'EPRT' && !isEprt(s),
      treatment: 'dropped',
      why: 'EPRT does not name the family and address of its own connection in the form |1|address|port|',
    },
    {
      when: (s) => (s.kind === 'PORT' || s.kind === '227') && hasLargeOctet(firstNumbers(s.words)),
      treatment: 'missed',
      why: 'a number above 255 runs over into another address or port',
    },
    {
      when: (s) => s.address !== null && s.address !== s.sender,
      treatment: 'missed',
      why: "the address is not the sender's (loose=0)",
      ofAddress: true,
    },
  ],
}

function isPort229(words: string): boolean {
  const inside = /\((.*)$/s.exec(words)?.[1] ?? ''
  return /^([!-/:-~])\1\1\d+\1/.test(inside)
}

function isEprt({ words, ipv6 }: Spoken): boolean {
  const parts = /^([!-/:-~])([12])\1([^]*?)\1(\d+)\1/.exec(words)
  return parts !== null && (parts[2] === '2') === ipv6
}
