import { firstNumbers, hasLargeOctet, type Alg } from './alg.js'
import type { WireAnnouncement } from './wire-announcement.js'

/** Longest segment that is looked at, and shortest PORT, EPRT. */
const MAX_MESSAGE_SIZE = 128
const CODE_AND_END = 6
const PORT_AND_END = 7
const SHORTEST_COMMAND = 18

const FUNCTIONS = ['AliasHandleFtpOut', 'ParseFtpPortCommand', 'ParseFtp227Reply', 'ParseFtp229Reply', 'NewFtpMessage']

/**
 * FreeBSD libalias (natd, ipfw nat, ppp): sys/netinet/libalias/alias_ftp.c. `AliasHandleFtpOut()` looks at segments of
 * at most 128 bytes whose predecessor ended in CRLF; `ParseFtp227Reply()` wants the parentheses, `ParseFtp229Reply()`
 * `(|||port|)`. `NewFtpMessage()` leaves alone what names another address than the packet's source, or a port below
 * 1024. IPv4 only.
 */
export const libalias: Alg = {
  name: 'FreeBSD libalias',
  source: `sys/netinet/libalias/alias_ftp.c: ${FUNCTIONS.join(', ')}`,
  rules: [
    { when: ({ serverPort }) => serverPort !== 21, treatment: 'missed', why: 'it looks at port 21 only' },
    { when: ({ ipv6 }) => ipv6, treatment: 'missed', why: 'it is for IPv4' },
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it knows neither LPRT nor 228',
    },
    { when: ({ place }) => place === 'behind', treatment: 'missed', why: 'it looks at the start of a segment only' },
    {
      when: ({ form }) => form !== 'plain',
      treatment: 'missed',
      why: 'the line does not begin with the verb and a blank',
    },
    { when: ({ multiLine }) => multiLine, treatment: 'missed', why: 'the reply begins with another line' },
    {
      when: ({ kind, words }) =>
        words.length + (kind === 'PORT' || kind === 'EPRT' ? PORT_AND_END : CODE_AND_END) > MAX_MESSAGE_SIZE,
      treatment: 'missed',
      why: 'the segment is longer than 128 bytes',
    },
    {
      when: ({ kind, words }) => (kind === 'PORT' || kind === 'EPRT') && words.length + PORT_AND_END < SHORTEST_COMMAND,
      treatment: 'missed',
      why: 'the command is shorter than 18 bytes',
    },
    {
      when: (s) => s.place === 'split' && !isReadable(s),
      treatment: 'missed',
      why: 'the line is split over two segments',
    },
    {
      when: (s) => s.kind === 'PORT' && !isReadable(s),
      treatment: 'missed',
      why: 'six numbers must follow PORT',
    },
    {
      when: (s) => s.kind === 'EPRT' && !isReadable(s),
      treatment: 'missed',
      why: 'EPRT is not of the form |1|address|port|',
    },
    {
      when: (s) => s.kind === '227' && !isReadable(s),
      treatment: 'missed',
      why: 'the 227 has no tuple in parentheses without blanks',
    },
    {
      when: (s) => s.kind === '229' && !isReadable(s),
      treatment: 'missed',
      why: 'the 229 is not of the form (|||port|)',
    },
    {
      when: (s) =>
        (s.port ?? 0) > 65_535 ||
        ((s.kind === 'PORT' || s.kind === '227') && hasLargeOctet(firstNumbers(s.words))) ||
        (s.kind === 'EPRT' && hasLargeOctet(s.words.split(/[^\d.]/)[2]!.replaceAll('.', ','))),
      treatment: 'missed',
      why: 'a number that is too large wraps around to another address or port',
    },
    {
      when: (s) => s.address !== null && s.address !== s.sender,
      treatment: 'missed',
      why: "the address is not the sender's",
      ofAddress: true,
    },
    { when: (s) => (s.port ?? 0) < 1024, treatment: 'missed', why: 'the port is below 1024' },
  ],
}

/** By state machines over the segment; what follows the last number of PORT, or the address of EPRT, is ignored. */
const READABLE: Partial<Record<WireAnnouncement['kind'], RegExp>> = {
  PORT: /^ \s*\d+(?:,\d+){5}[^\d]/s,
  EPRT: /^ \s*(\S)1\1\d+(?:\.\d+){3}\D\d+\1/s,
  '227': /^[^(]*\(\d+(?:,\d+){5}[,)]/s,
  '229': /^[^(]*\((.)\1\1\d+(?!\d)\1\)/s,
}

function isReadable({ kind, head }: WireAnnouncement): boolean {
  return READABLE[kind]!.test(head)
}
