import type { Alg } from './alg.js'
import type { WireAnnouncement } from './wire-announcement.js'

/** Characters that may follow the port's numbers. */
const MAX_TRAILING = 8
const LINE_END = 2

/**
 * Cisco ASA `inspect ftp strict`, according to the configuration guide (Inspection of Basic Internet Protocols, FTP
 * Inspection, Strict FTP): it closes the connection for commands that do not end in CRLF, for PORT and 227 without five
 * commas, for ports below 1024, for more than 8 characters after the port, and does not let a command pass before the
 * reply to the previous one.
 */
export const strictInspection: Alg = {
  name: 'strict inspection (Cisco ASA inspect ftp strict)',
  source: 'Cisco ASA Firewall CLI Configuration Guide: FTP Inspection, Strict FTP',
  rules: [
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it supports neither LPRT nor 228',
    },
    { when: ({ bareLineFeed }) => bareLineFeed, treatment: 'closed', why: 'the line does not end in CRLF' },
    {
      when: ({ pipelined }) => pipelined,
      treatment: 'dropped',
      why: 'the command was sent before the reply to the previous one',
    },
    {
      when: (s) => isOld(s) && s.words.split(',').length !== 6,
      treatment: 'closed',
      why: 'exactly five commas are required',
    },
    {
      when: (s) => isOld(s) && trailing(s.words) + LINE_END > MAX_TRAILING,
      treatment: 'closed',
      why: 'more than 8 characters follow the port',
    },
    { when: (s) => s.port !== null && s.port < 1024, treatment: 'closed', why: 'the port is below 1024' },
  ],
}

function isOld({ kind }: WireAnnouncement): boolean {
  return kind === 'PORT' || kind === '227'
}

/** Characters after the last digit of the tuple. */
function trailing(words: string): number {
  return words.length - (/^.*,\s*\d+/s.exec(words)?.[0].length ?? 0)
}
