/** Where ftpscope and Suricata differ, and why; docs/COMPARISON.md lists the captures. The first entry that fits counts. */
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
    why: 'The control port is 34567 and the client begins with SYST: Suricata did not recognise the session (it did on 2121, where the client begins with USER).',
  },
  {
    aspect: 'commands',
    captures: ['capture-snap-length'],
    right: 'ftpscope',
    why: 'Lines cut off by the snap length: Suricata went on behind one of them and missed commands that are whole.',
  },
  {
    aspect: 'commands',
    captures: ['capture-starts-inside', 'control-unanswered--silent', 'nDPI__fuzz', 'ftp-with-numbers-in-filename'],
    right: 'ftpscope',
    why: 'Sessions without a handshake, of one direction, or with damaged packets: Suricata does not follow them (`stream.midstream` is off by default).',
  },
  {
    aspect: 'commands',
    captures: ['ftp-quit'],
    right: 'both',
    why: 'The client says QUIT before any greeting, and is cut off: a command here, an anomaly (`NO_SERVER_WELCOME_MESSAGE`) there.',
  },
  {
    aspect: 'commands',
    captures: ['fake-long-commands'],
    right: 'ftpscope',
    why: 'Verbs of 132 letters that begin with SYST and TYPE: unknown commands here, SYST and TYPE there.',
  },
  {
    aspect: 'commands',
    captures: ['tls-required-proftpd-inetutils'],
    right: 'ftpscope',
    why: 'USER, TYPE, PASV and LPSV, each answered by the same 550: Suricata pairs each reply with the command before, and PASV has no record.',
  },
  {
    aspect: 'commands',
    matches: ({ ours, theirs }) => ours.every((verb) => WITHOUT_PATTERN.has(verb)) && theirs.length === 0,
    right: 'ftpscope',
    why: 'AUTH, CLNT, FEAT, HOST, LANG, LPSV, MLST, NOOP and OPTS make no record in Suricata 8.0.7. `AUTH TLS` is not among its patterns (`AUTH_TLS` is), so TLS behind it is not recognised either.',
  },
  {
    aspect: 'commands',
    matches: ({ ours, theirs }) => ours.every((verb) => WITHOUT_PATTERN.has(verb)) && theirs.length > 0,
    right: 'ftpscope',
    why: 'Suricata finds its patterns anywhere in a line: `OPTS MLST modify;perm;size;…` becomes a SIZE, `OPTS MLST type;…` a TYPE, `FEAT` and `CLNT` nothing.',
  },
  {
    aspect: 'data',
    captures: ['tls-', 'protection-mismatch--mixed'],
    right: 'both',
    why: 'Control or data under TLS: Suricata records data as FTP only where it read the announcement, and no ClientHello came; ftpscope ties the connections to the session by hosts, ports and times.',
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
    why: 'A 227 without parentheses, a 229 with another delimiter than `|`, a 227 to EPSV: Suricata finds no port in them, and raises `file_before_port` for what follows.',
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
    why: 'The data connection is not between the two hosts of the control connection: Suricata expects it there only.',
  },
  {
    aspect: 'data',
    captures: ['pipelined'],
    right: 'ftpscope',
    why: 'The transfer command is sent together with PASV: Suricata, which keeps one command at a time, records no data.',
  },
  {
    aspect: 'data',
    captures: ['other-port-healthy-unusual', 'capture-one-sided', 'capture-starts-inside', 'ftp-with-numbers'],
    right: 'ftpscope',
    why: 'Data connections of sessions that Suricata does not follow, see above.',
  },
  {
    aspect: 'data',
    captures: ['path-mtu-blackhole'],
    right: 'both',
    why: 'No data segment is ever acknowledged: Suricata records data once it is; ftpscope shows the transfer that failed.',
  },
  {
    aspect: 'data',
    captures: ['zeek__ftp__ipv4.pcap'],
    right: 'ftpscope',
    why: 'Of two transfers by PORT Suricata records the second (Zeek expects both). We have not found out why.',
  },
]
