import { firstNumbers, hasLargeOctet, type Alg } from './alg.js'
import type { WireAnnouncement } from './wire-announcement.js'

/** Longest segment that is inspected, and shortest PORT or EPRT. */
const MAX_MESSAGE_SIZE = 128
const CODE_AND_END = 6
const PORT_AND_END = 7
const SHORTEST_COMMAND = 18

const FUNCTIONS = ['AliasHandleFtpOut', 'ParseFtpPortCommand', 'ParseFtp227Reply', 'ParseFtp229Reply', 'NewFtpMessage']

/**
 * FreeBSD libalias (natd, ipfw nat, ppp): sys/netinet/libalias/alias_ftp.c. `AliasHandleFtpOut()` inspects segments
 * of at most 128 bytes whose predecessor ended in CRLF; `ParseFtp227Reply()` requires the parentheses,
 * `ParseFtp229Reply()` `(|||port|)`. `NewFtpMessage()` ignores an announcement with an address other than the packet's
 * source, or with a port below 1024. IPv4 only.
 */
export const libalias: Alg = {
  name: 'FreeBSD libalias',
  source: `sys/netinet/libalias/alias_ftp.c: ${FUNCTIONS.join(', ')}`,
  rules: [
    { when: ({ serverPort }) => serverPort !== 21, treatment: 'missed', why: 'it inspects port 21 only' },
    { when: ({ ipv6 }) => ipv6, treatment: 'missed', why: 'it supports IPv4 only' },
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it supports neither LPRT nor 228',
    },
    { when: ({ place }) => place === 'behind', treatment: 'missed', why: 'it inspects only the start of a segment' },
    {
      when: ({ form }) => form !== 'plain',
      treatment: 'missed',
      why: 'the line does not begin with the verb and a space',
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
      why: 'the line is split across two segments',
    },
    {
      when: (s) => s.kind === 'PORT' && !isReadable(s),
      treatment: 'missed',
      why: 'PORT is not followed by six numbers',
    },
    {
      when: (s) => s.kind === 'EPRT' && !isReadable(s),
      treatment: 'missed',
      why: 'EPRT does not have the form |1|address|port|',
    },
    {
      when: (s) => s.kind === '227' && !isReadable(s),
      treatment: 'missed',
      why: 'the 227 does not contain a tuple in parentheses without spaces',
    },
    {
      when: (s) => s.kind === '229' && !isReadable(s),
      treatment: 'missed',
      why: 'the 229 does not have the form (|||port|)',
    },
    {
      when: (s) =>
        (s.port ?? 0) > 65_535 ||
        ((s.kind === 'PORT' || s.kind === '227') && hasLargeOctet(firstNumbers(s.words))) ||
        (s.kind === 'EPRT' && hasLargeOctet(s.words.split(/[^\d.]/)[2]!.replaceAll('.', ','))),
      treatment: 'missed',
      why: 'a number that is too large wraps around and gives another address or port',
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

/** Parsed by state machines; what follows the last number of PORT, or the address of EPRT, is ignored. */
const READABLE: Partial<Record<WireAnnouncement['kind'], RegExp>> = {
  PORT: /^ \s*\d+(?:,\d+){5}[^\d]/s,
  EPRT: /^ \s*(\S)1\1\d+(?:\.\d+){3}\D\d+\1/s,
  '227': /^[^(]*\(\d+(?:,\d+){5}[,)]/s,
  '229': /^[^(]*\((.)\1\1\d+(?!\d)\1\)/s,
}

function isReadable({ kind, head }: WireAnnouncement): boolean {
  return READABLE[kind]!.test(head)
}
