import type { Spoken, Tracker } from './alg.js'

/** Characters that may follow the port's numbers. */
const MAX_BEHIND = 8
const LINE_END = 2

/**
 * Cisco ASA `inspect ftp strict`, by the configuration guide (Inspection of Basic Internet Protocols, FTP Inspection, Strict FTP):
 * it closes the connection for commands that do not end in CRLF, for PORT and 227 without five commas, for ports below 1024, for
 * more than 8 characters behind the port, and does not let a command pass before the one before it is answered.
 */
export const strictInspection: Tracker = {
  name: 'strict inspection (Cisco ASA inspect ftp strict)',
  source: 'Cisco ASA Firewall CLI Configuration Guide: FTP Inspection, Strict FTP',
  rules: [
    {
      when: ({ kind }) => kind === 'LPRT' || kind === '228',
      treatment: 'missed',
      why: 'it knows neither LPRT nor 228',
    },
    { when: ({ bareLineFeed }) => bareLineFeed, treatment: 'closed', why: 'the line does not end in CRLF' },
    {
      when: ({ pipelined }) => pipelined,
      treatment: 'dropped',
      why: 'the command was sent before the one before it was answered',
    },
    {
      when: (s) => isOld(s) && s.words.split(',').length !== 6,
      treatment: 'closed',
      why: 'it wants exactly five commas',
    },
    {
      when: (s) => isOld(s) && behind(s.words) + LINE_END > MAX_BEHIND,
      treatment: 'closed',
      why: 'more than 8 characters follow the port',
    },
    { when: (s) => s.port !== null && s.port < 1024, treatment: 'closed', why: 'the port is below 1024' },
  ],
}

function isOld({ kind }: Spoken): boolean {
  return kind === 'PORT' || kind === '227'
}

/** Characters behind the last digit of the tuple. */
function behind(words: string): number {
  return words.length - (/^.*,\s*\d+/s.exec(words)?.[0].length ?? 0)
}
