/**
 * Where ftpscope and Wireshark differ, who is right, and why. The test holds every difference to exactly one of these,
 * and docs/COMPARISON.md lists their packets.
 */
import type { Aspect, Disagreement } from './compare.js'
import type { DataStream } from './readings.js'

export interface KnownDisagreement {
  aspects: readonly Aspect[]
  right: 'ftpscope' | 'Wireshark' | 'both'
  why: string
  /** Captures that it is limited to, by a part of their names. */
  captures?: readonly string[]
  matches?: (found: Disagreement) => boolean
}

/** The first match counts, so narrower entries come before wider ones. */
export const KNOWN: readonly KnownDisagreement[] = [
  {
    aspects: ['command', 'reply', 'retransmissions', 'handshake'],
    captures: ['nDPI__fuzz'],
    right: 'both',
    why:
      'Fuzzed packets. Where bytes overlap, ftpscope keeps those seen first; Wireshark shows each segment ' +
      'separately. Bytes that are not UTF-8 appear as `\\xNN` in ftpscope and as a replacement character in ' +
      'Wireshark; in Wireshark a NUL ends the text.',
  },
  {
    aspects: ['command', 'reply'],
    matches: ({ theirs, ends }) => theirs === null && !/ 21\b/.test(ends),
    right: 'ftpscope',
    why:
      'The control port is not 21: Wireshark must be configured (Decode As); ftpscope recognizes the protocol by ' +
      'content.',
  },
  {
    aspects: ['data'],
    captures: ['other-port-healthy', 'active-source-port--silent', 'passive-unusable-address--silent'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'Data connections of a control connection on a port other than 21.',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours === null && /^\\02[4-7]\\003/.test(theirs ?? ''),
    right: 'ftpscope',
    why:
      'TLS records mistaken for commands: Wireshark expects TLS only after the exact text `AUTH TLS` and a ' +
      'positive reply (here it was `AUTH SSL`, or no AUTH at all).',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours === null && /^\ufffd+$/.test(theirs ?? ''),
    right: 'ftpscope',
    why: 'Telnet Interrupt Process and Synch (RFC 959 §4.1.3), sent before ABOR, are not a command.',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours !== null && theirs === ours.replace(/ +/g, ' '),
    right: 'both',
    why:
      'More than one space after the verb: ftpscope keeps them in the argument, because some FTP ALGs cannot ' +
      'parse them; Wireshark drops them.',
  },
  {
    aspects: ['reply'],
    captures: ['ftp-missing-space-after-reply-code'],
    right: 'ftpscope',
    why:
      '`230_no_space`: ftpscope keeps the character after the code and records an anomaly; Wireshark treats it ' +
      'as the space.',
  },
  {
    aspects: ['reply'],
    captures: ['ipv6-violation'],
    right: 'both',
    why:
      'An SSH server answers on port 21, and a `530` follows its binary packet without a line ending between ' +
      'them: as a byte stream the line is not a reply, by segment it is.',
  },
  {
    aspects: ['data'],
    captures: ['capture-snap-length', 'control-unanswered--silent'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why:
      'The reply that names the port is truncated by the snap length, or was not captured: Wireshark knows no data ' +
      'connection; ftpscope takes the next one between the two hosts that what is left of the reply allows.',
  },
  {
    aspects: ['command', 'reply'],
    captures: [
      'odd-wire-healthy.client',
      'split-227',
      'tracker-prediction--split',
      'tls-command-injection.client',
      'ftps-protection-mismatch.client',
    ],
    matches: ({ ours, theirs }) => ours === null || theirs === null,
    right: 'ftpscope',
    why:
      'A line in several segments: Wireshark shows each piece as a separate line; ftpscope shows the whole line, ' +
      'in the frame that ends it.',
  },
  {
    aspects: ['command'],
    captures: ['ftp-too-long-command'],
    matches: ({ ours, theirs }) => theirs !== null && (ours?.startsWith(theirs) ?? false),
    right: 'ftpscope',
    why:
      'A command of thousands of characters: sharkd shows only its beginning; ftpscope keeps it up to its line ' +
      'limit.',
  },
  {
    aspects: ['command', 'reply'],
    matches: ({ ours, theirs }) => ours !== null && theirs !== null && ours.startsWith(`${theirs}\n`),
    right: 'ftpscope',
    why: 'Several lines in one segment: Wireshark shows only the first.',
  },
  {
    aspects: ['reply'],
    matches: ({ ours, theirs }) => ours !== null && theirs === null,
    right: 'ftpscope',
    why:
      'The last line of a multi-line reply follows other lines in its segment, or part of one: Wireshark shows ' +
      'only the first line of a segment.',
  },
  {
    aspects: ['data'],
    matches: ({ ours, theirs }) => dataOf(ours)?.setup === null && theirs === null,
    right: 'ftpscope',
    why:
      'The announcement is under TLS: without keys, Wireshark associates no connection with the session; ' +
      'ftpscope does so by hosts, ports and times, and names neither announcement nor command.',
  },
  {
    aspects: ['data'],
    matches: ({ theirs, firstFrame }) => dataOf(theirs)?.setup === firstFrame,
    right: 'ftpscope',
    why:
      'Wireshark recognizes the connection by port 20 alone, not by its EPRT or PORT, and gives its first frame ' +
      'as the setup frame.',
  },
  {
    aspects: ['data'],
    matches: ({ ours, theirs }) => theirs !== null && dataOf(ours)?.setup === dataOf(theirs)?.setup,
    right: 'ftpscope',
    why:
      'Wireshark 4.0 attributes the data to the first command after the announcement (TYPE, SIZE, the next ' +
      'PASV); later versions look for a transfer command.',
  },
  {
    aspects: ['data'],
    captures: ['odd-wire-healthy-replies', 'tracker-prediction--split'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why:
      'The 227 is split over segments, or follows another line in its segment: Wireshark does not see the ' +
      'announcement.',
  },
  {
    aspects: ['data'],
    captures: ['ipv6-healthy-pyftpdlib-active', 'zeek__ftp__ipv6.pcap'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why:
      'EPRT with a server that does not connect from port 20: Wireshark parses EPRT but associates no connection ' +
      'with it.',
  },
  {
    aspects: ['data'],
    captures: ['active-source-port', 'active-source-address-works', 'zeek__ftp__ipv4.pcap'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'PORT with a server that does not connect from port 20: Wireshark expects only that port.',
  },
  {
    aspects: ['data'],
    captures: [
      'address-translated',
      'data-connection-hijack',
      'data-peer-mismatch-accepted',
      'nat-server-healthy',
      'passive-private-address',
      'passive-unusable-address',
      'tcp-relayed--behind-proxy',
    ],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why:
      'One end of the connection is neither the announced nor the control address (translated, replaced by the ' +
      'client, a third host): Wireshark expects exactly those.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['capture-duplicates'],
    right: 'ftpscope',
    why:
      'The same packets captured twice: Wireshark counts the copies as retransmissions and duplicate ' +
      'acknowledgments; ftpscope recognizes them by identification, checksum and time.',
  },
  {
    aspects: ['handshake'],
    captures: ['capture-duplicates'],
    right: 'ftpscope',
    why: 'The packets of the handshake were captured twice, 10 µs apart: Wireshark measures between the copies.',
  },
  {
    aspects: ['data'],
    captures: ['asymmetric-route--at-middle'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: "Only the client's packets were captured: without the 227, its connection is known by hosts, order and time.",
  },
  {
    aspects: ['retransmissions'],
    captures: ['sequence-numbers-uncorrected'],
    right: 'both',
    why:
      'An ALG made the 227 longer and left the sequence numbers after it: the next reply overlaps it with other ' +
      'bytes. Wireshark counts it as a retransmission, ftpscope as new bytes, since most of it is.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['small-mtu'],
    right: 'ftpscope',
    why:
      'After ICMP "fragmentation needed", bytes are retransmitted in smaller segments within 0.3 ms: Wireshark, ' +
      'which decides by time, considers them out of order; the bytes had been captured before, so they are ' +
      'retransmissions.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['active-not-attempted', 'control-handshake-incomplete', 'idle-timeout', 'loopback', 'transfer-stalled'],
    matches: ({ ours, theirs }) => Number(theirs) > Number(ours),
    right: 'both',
    why:
      'A retransmitted FIN without payload is counted by Wireshark and not by ftpscope, which counts segments ' +
      'that carry bytes a second time, and SYNs.',
  },
  {
    aspects: ['handshake'],
    matches: ({ ours }) => ours === null,
    right: 'both',
    why:
      'Wireshark measures from the (last) SYN to the first ACK of any kind: also to the RST of a refusal, after ' +
      'retransmitted SYNs of which any may be the one answered, and without the SYN,ACK. ftpscope reports a ' +
      'round-trip time only for complete handshakes without retransmission.',
  },
]

function dataOf(json: string | null): DataStream | null {
  return json === null ? null : (JSON.parse(json) as DataStream)
}
