import { hasLargeOctet, type Alg } from './alg.js'

/**
 * OpenBSD ftp-proxy: usr.sbin/ftp-proxy/ftp-proxy.c, a proxy that reads lines, so segments do not matter.
 * `parse_port()` parses from the last space or parenthesis on; what it cannot parse, or a port below 1024, ends the
 * session (`client_parse_cmd()`, `server_parse()`). It inserts its own addresses, so the announced one is not compared.
 */
export const ftpProxy: Alg = {
  name: 'OpenBSD ftp-proxy',
  source: 'usr.sbin/ftp-proxy/ftp-proxy.c: getline, client_parse_cmd, server_parse, parse_port',
  rules: [
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it supports neither LPRT nor 228',
    },
    {
      when: ({ form }) => form !== 'plain',
      treatment: 'missed',
      why: 'the line does not begin with the verb and a space',
    },
    {
      when: ({ kind, ipv6 }) => ipv6 && (kind === 'PORT' || kind === '227'),
      treatment: 'closed',
      why: 'PASV and PORT are not allowed with IPv6',
    },
    { when: ({ multiLine }) => multiLine, treatment: 'missed', why: 'it reads only the first line of the reply' },
    {
      when: ({ kind, asked }) =>
        (kind === '227' && asked !== null && !asked.startsWith('PASV')) ||
        (kind === '229' && asked !== null && !asked.startsWith('EPSV')),
      treatment: 'missed',
      why: 'the reply does not match the command',
    },
    {
      when: (s) => s.kind === 'PORT' && !isReadable(/(?:^|.* )(\d+(?:,\d+){5})[^ (]*$/s.exec(s.words)),
      treatment: 'closed',
      why: 'the last space is not followed by six numbers up to 255',
    },
    {
      when: (s) => s.kind === '227' && !isReadable(/.*\((\d+(?:,\d+){5})[^ (]*$/s.exec(s.words)),
      treatment: 'closed',
      why: 'the 227 does not end in a tuple in parentheses',
    },
    {
      when: (s) => s.kind === '229' && !/.*\(\|\|\|\d+[^ (]*$/s.test(s.words),
      treatment: 'closed',
      why: 'the 229 does not end in (|||port|)',
    },
    {
      when: (s) =>
        s.kind === 'EPRT' && !/(?:^|.* )\|(?:1\|\d+(?:\.\d+){3}|2\|[a-fA-F0-9:]+)\|\d+\|?[^ (]*$/s.test(s.words),
      treatment: 'closed',
      why: 'EPRT does not have the form |1|address|port|, with vertical bars',
    },
    {
      when: (s) => s.kind === 'EPRT' && s.words.split('|')[1] === '1' && hasLargeOctet(dotted(s.words)),
      treatment: 'closed',
      why: 'a number of the address is above 255',
    },
    {
      when: (s) => (s.port ?? 0) < 1024 || s.port! > 65_535,
      treatment: 'closed',
      why: 'the port is below 1024 or above 65535',
    },
  ],
}

function isReadable(match: RegExpExecArray | null): boolean {
  return match !== null && !hasLargeOctet(match[1]!)
}

/** The address of EPRT, with commas between its numbers. */
function dotted(words: string): string {
  return words.split('|')[2]!.replaceAll('.', ',')
}
