/**
 * Where ftpscope and Suricata differ, and why; docs/COMPARISON.md lists the captures. The first matching entry counts.
 */
export interface SuricataKnown {
  aspect: 'commands' | 'data'
  right: 'ftpscope' | 'both'
  why: string
  captures?: readonly string[]
  matches?: (difference: Difference) => boolean
}

/** What only one of the two has. */
export interface Difference {
  ours: readonly string[]
  theirs: readonly string[]
}

const WITHOUT_PATTERN = new Set(['AUTH', 'CLNT', 'FEAT', 'HOST', 'LANG', 'LPSV', 'MLST', 'NOOP', 'OPTS'])

export const SURICATA_KNOWN: readonly SuricataKnown[] = [
  {
    aspect: 'commands',
    captures: ['other-port-healthy-unusual'],
    right: 'ftpscope',
    why:
      'The control port is 34567 and the client begins with SYST: Suricata did not recognize the session (it did ' +
      'on 2121, where the client begins with USER).',
  },
  {
    aspect: 'data',
    captures: ['capture-snap-length', 'control-unanswered--silent'],
    right: 'ftpscope',
    why:
      'The reply that names the port is truncated, or was not captured: Suricata expects no connection; ftpscope ' +
      'takes the next one between the two hosts that what is left of the reply allows.',
  },
  {
    aspect: 'commands',
    captures: ['capture-snap-length'],
    right: 'ftpscope',
    why: 'Lines truncated by the snap length: after one of them, Suricata missed commands that are complete.',
  },
  {
    aspect: 'commands',
    captures: ['capture-starts-inside', 'control-unanswered--silent', 'nDPI__fuzz', 'ftp-with-numbers-in-filename'],
    right: 'ftpscope',
    why:
      'Sessions without a handshake, with one direction only, or with damaged packets: Suricata does not track ' +
      'them (`stream.midstream` is off by default).',
  },
  {
    aspect: 'commands',
    captures: ['ftp-quit'],
    right: 'both',
    why:
      'The client sends QUIT before any greeting and is disconnected: a command in ftpscope, an anomaly ' +
      '(`NO_SERVER_WELCOME_MESSAGE`) in Suricata.',
  },
  {
    aspect: 'commands',
    captures: ['fake-long-commands'],
    right: 'ftpscope',
    why: 'Verbs of 132 letters that begin with SYST and TYPE: unknown commands in ftpscope, SYST and TYPE in Suricata.',
  },
  {
    aspect: 'commands',
    captures: ['tls-required-proftpd-inetutils'],
    right: 'ftpscope',
    why:
      'USER, TYPE, PASV and LPSV, each answered with the same 550: Suricata pairs each reply with the preceding ' +
      'command, and PASV has no record.',
  },
  {
    aspect: 'commands',
    matches: ({ ours, theirs }) => ours.every((verb) => WITHOUT_PATTERN.has(verb)) && theirs.length === 0,
    right: 'ftpscope',
    why:
      'AUTH, CLNT, FEAT, HOST, LANG, LPSV, MLST, NOOP and OPTS produce no record in Suricata 8.0.7. `AUTH TLS` ' +
      'is not among its patterns (`AUTH_TLS` is), so TLS after it is not recognized either.',
  },
  {
    aspect: 'commands',
    matches: ({ ours, theirs }) => ours.every((verb) => WITHOUT_PATTERN.has(verb)) && theirs.length > 0,
    right: 'ftpscope',
    why:
      'Suricata matches its patterns anywhere in a line: `OPTS MLST modify;perm;size;…` becomes a SIZE, `OPTS ' +
      'MLST type;…` a TYPE, `FEAT` and `CLNT` nothing.',
  },
  {
    aspect: 'data',
    captures: ['tls-', 'protection-mismatch--mixed'],
    right: 'both',
    why:
      'Control or data connection under TLS: Suricata records data as FTP only if it read the announcement and ' +
      'saw no ClientHello; ftpscope associates the connections with the session by hosts, ports and times.',
  },
  {
    aspect: 'data',
    captures: [
      'no-parentheses',
      'other-delimiter',
      'announcement-malformed',
      'announcement-family',
      'tracker-prediction',
    ],
    right: 'ftpscope',
    why:
      'A 227 without parentheses, a 229 with a delimiter other than `|`, a 227 in reply to EPSV: Suricata finds ' +
      'no port in them, and raises `file_before_port` for what follows.',
  },
  {
    aspect: 'data',
    captures: [
      'active-source-address-works',
      'data-connection-hijack',
      'data-peer-mismatch-accepted',
      'passive-address-mismatch-works',
      'passive-public-address-inside',
      'port-bounce',
    ],
    right: 'ftpscope',
    why: 'The data connection is not between the two hosts of the control connection: Suricata expects it only there.',
  },
  {
    aspect: 'data',
    captures: ['pipelined'],
    right: 'ftpscope',
    why:
      'The transfer command is sent together with PASV: Suricata, which tracks one command at a time, records no ' +
      'data.',
  },
  {
    aspect: 'data',
    captures: ['other-port-healthy-unusual', 'capture-one-sided', 'capture-starts-inside', 'ftp-with-numbers'],
    right: 'ftpscope',
    why: 'Data connections of sessions that Suricata does not track, see above.',
  },
  {
    aspect: 'data',
    captures: ['path-mtu-blackhole'],
    right: 'both',
    why:
      'No data segment is ever acknowledged: Suricata records data only once it is; ftpscope shows the failed ' +
      'transfer.',
  },
  {
    aspect: 'data',
    captures: ['zeek__ftp__ipv4.pcap'],
    right: 'ftpscope',
    why: 'Of two transfers with PORT, Suricata records only the second (Zeek expects both). The reason is not known.',
  },
]
