import type { Alg } from './alg.js'

const literally = (words: string): string => `it requires exactly "${words}"`

/**
 * IPFilter 4.1: ip_ftp_pxy.c, `map … proxy port ftp ftp/tcp`. `ippr_ftp_pasv()` compares with "227 Entering Passive
 * Mod" letter by letter, `ippr_ftp_epsv()` with "229 Entering Extended Passive Mode"; both require CRLF directly after
 * `)` (227: or `).`). `ippr_ftp_port()` requires digits after one space, CRLF, a port of at least 1024, and the
 * sender's own address; any other address is an error that drops the segment. Replies and PORT are processed only after
 * a login.
 */
export const ipfilter: Alg = {
  name: "IPFilter's FTP proxy",
  source: 'ip_ftp_pxy.c: ippr_ftp_client, ippr_ftp_port, ippr_ftp_pasv, ippr_ftp_epsv, ippr_ftp_atoi',
  rules: [
    { when: ({ ipv6 }) => ipv6, treatment: 'missed', why: 'the proxy supports IPv4 only' },
    {
      when: ({ kind }) => kind === 'EPRT' || kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'the only command it supports is PORT (EPRT from version 5 on)',
    },
    {
      when: ({ place }) => place === 'split',
      treatment: 'missed',
      why: 'it rewrites one segment, but the line spans two',
    },
    {
      when: ({ form }) => form !== 'plain',
      treatment: 'missed',
      why: 'the line does not begin with the verb and a space',
    },
    { when: ({ bareLineFeed }) => bareLineFeed, treatment: 'missed', why: 'the line does not end in CRLF' },
    {
      when: (s) => s.kind === 'PORT' && !/^\d+(?:,\d+){5}$/.test(s.words),
      treatment: 'missed',
      why: 'PORT, one space, six numbers, and CRLF are required',
    },
    {
      when: (s) => s.kind === 'PORT' && s.address !== s.sender,
      treatment: 'dropped',
      why: "the address is not the sender's",
      ofAddress: true,
    },
    { when: (s) => s.kind === 'PORT' && (s.port ?? 0) < 1024, treatment: 'missed', why: 'the port is below 1024' },
    {
      when: (s) => s.kind === '227' && !/^Entering Passive Mod\D*\d+(?:,\d+){5}\)?\.?$/.test(s.words),
      treatment: 'missed',
      why: `${literally('227 Entering Passive Mode')}, the tuple, and the end of the line`,
    },
    {
      when: (s) => s.kind === '227' && s.address !== s.sender,
      treatment: 'missed',
      why: "the address is not the sender's",
      ofAddress: true,
    },
    {
      when: (s) => s.kind === '229' && !/^Entering Extended Passive Mod\D*\d+\|?\)?$/.test(s.words),
      treatment: 'missed',
      why: `${literally('229 Entering Extended Passive Mode')}, (|||port|), and the end of the line`,
    },
  ],
}
