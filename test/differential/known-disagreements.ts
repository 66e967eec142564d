/**
 * Where ftpscope and Wireshark differ, who is right, and why. The test holds every difference to exactly one of these, and
 * docs/COMPARISON.md lists their packets.
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

/** The first that fits counts, so the narrower stand before the wider. */
export const KNOWN: readonly KnownDisagreement[] = [
  {
    aspects: ['command', 'reply', 'retransmissions', 'handshake'],
    captures: ['nDPI__fuzz'],
    right: 'both',
    why: 'Fuzzed packets. Of bytes that overlap, ftpscope takes those seen first; Wireshark shows each segment by itself. Bytes that are no UTF-8 are `\\xNN` here and a replacement character there; a NUL ends the text there.',
  },
  {
    aspects: ['command', 'reply'],
    matches: ({ theirs, ends }) => theirs === null && !/ 21\b/.test(ends),
    right: 'ftpscope',
    why: 'The control port is not 21: Wireshark has to be told (Decode As); ftpscope finds it by what is said on it.',
  },
  {
    aspects: ['data'],
    captures: ['other-port-healthy', 'active-source-port--silent', 'passive-unusable-address--silent'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'Data connections of a control connection that is not on port 21.',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours === null && /^\\02[4-7]\\003/.test(theirs ?? ''),
    right: 'ftpscope',
    why: 'TLS records taken for commands: Wireshark expects TLS only behind the exact words `AUTH TLS` and an acceptance (here it was `AUTH SSL`, or no AUTH at all).',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours === null && /^\ufffd+$/.test(theirs ?? ''),
    right: 'ftpscope',
    why: 'Telnet Interrupt Process and Synch (RFC 959 §4.1.3), sent before ABOR, are no command.',
  },
  {
    aspects: ['command'],
    matches: ({ ours, theirs }) => ours !== null && theirs === ours.replace(/ +/g, ' '),
    right: 'both',
    why: 'More than one blank behind the verb: ftpscope keeps them in the argument, since trackers stumble over them; Wireshark drops them.',
  },
  {
    aspects: ['reply'],
    captures: ['ftp-missing-space-after-reply-code'],
    right: 'ftpscope',
    why: '`230_no_space`: ftpscope keeps the character behind the code, and records an anomaly; Wireshark takes it for the blank.',
  },
  {
    aspects: ['reply'],
    captures: ['ipv6-violation'],
    right: 'both',
    why: 'An SSH server answers on port 21, and a `530` follows its binary packet without a line end between: the line is no reply as bytes go, and reads as one by segment.',
  },
  {
    aspects: ['command', 'reply'],
    captures: ['capture-snap-length'],
    matches: ({ ours }) => ours === null,
    right: 'both',
    why: 'The snap length cut the line off: Wireshark shows what is left of it, ftpscope takes no line without its end and says that the capture is cut.',
  },
  {
    aspects: ['command', 'reply'],
    captures: ['odd-wire-healthy.client', 'split-227', 'tracker-prediction--split', 'tls-command-injection.client'],
    matches: ({ ours, theirs }) => ours === null || theirs === null,
    right: 'ftpscope',
    why: 'A line in several segments: Wireshark shows each piece as a line of its own, ftpscope the line, in the frame that ends it.',
  },
  {
    aspects: ['command'],
    captures: ['ftp-too-long-command'],
    matches: ({ ours, theirs }) => theirs !== null && (ours?.startsWith(theirs) ?? false),
    right: 'ftpscope',
    why: 'A command of thousands of characters: sharkd shows the first of them, ftpscope keeps up to its limit of a line.',
  },
  {
    aspects: ['command', 'reply'],
    matches: ({ ours, theirs }) => ours !== null && theirs !== null && ours.startsWith(`${theirs}\n`),
    right: 'ftpscope',
    why: 'Several lines in one segment: Wireshark shows the first.',
  },
  {
    aspects: ['reply'],
    matches: ({ ours, theirs }) => ours !== null && theirs === null,
    right: 'ftpscope',
    why: 'The end of a reply of several lines stands behind other lines in its segment, or behind a piece of one: Wireshark shows the first line of a segment.',
  },
  {
    aspects: ['data'],
    matches: ({ ours, theirs }) => dataOf(ours)?.setup === null && theirs === null,
    right: 'ftpscope',
    why: 'The announcement is under TLS: Wireshark without keys ties no connection to the session; ftpscope by hosts, ports and times, and names neither announcement nor command.',
  },
  {
    aspects: ['data'],
    matches: ({ theirs, firstFrame }) => dataOf(theirs)?.setup === firstFrame,
    right: 'ftpscope',
    why: 'Wireshark knows the connection by port 20 alone, not by its EPRT or PORT, and names its first frame as what set it up.',
  },
  {
    aspects: ['data'],
    matches: ({ ours, theirs }) => theirs !== null && dataOf(ours)?.setup === dataOf(theirs)?.setup,
    right: 'ftpscope',
    why: 'Wireshark 4.0 takes the first command behind the announcement (TYPE, SIZE, the next PASV) for the one that the data belong to; later versions look for a transfer command.',
  },
  {
    aspects: ['data'],
    captures: ['odd-wire-healthy-replies', 'tracker-prediction--split'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'The 227 is split over segments, or stands behind another line: Wireshark does not see the announcement.',
  },
  {
    aspects: ['data'],
    captures: ['ipv6-healthy-pyftpdlib-active', 'zeek__ftp__ipv6.pcap'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'EPRT with a server that does not dial from port 20: Wireshark reads EPRT, and ties no connection to it.',
  },
  {
    aspects: ['data'],
    captures: ['active-source-port', 'active-source-address-works', 'zeek__ftp__ipv4.pcap'],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'PORT with a server that does not dial from port 20: Wireshark expects it there only.',
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
    ],
    matches: ({ theirs }) => theirs === null,
    right: 'ftpscope',
    why: 'One end of the connection is not the announced or the control address (translated, replaced by the client, a third host): Wireshark expects exactly those.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['capture-duplicates'],
    right: 'ftpscope',
    why: 'The same packets captured twice: Wireshark takes the copies for retransmissions and duplicate acknowledgments; ftpscope knows them by identification, checksum and time.',
  },
  {
    aspects: ['handshake'],
    captures: ['capture-duplicates'],
    right: 'ftpscope',
    why: 'The packets of the handshake were captured twice, 10 µs apart: Wireshark measures between copies.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['small-mtu'],
    right: 'ftpscope',
    why: 'After ICMP "fragmentation needed" bytes are sent again in smaller segments, within 0.3 ms: out of order to Wireshark, which judges by time; the bytes had been captured before, so they are retransmissions.',
  },
  {
    aspects: ['retransmissions'],
    captures: ['active-not-attempted', 'control-handshake-incomplete', 'idle-timeout', 'loopback', 'transfer-stalled'],
    matches: ({ ours, theirs }) => Number(theirs) > Number(ours),
    right: 'both',
    why: 'A FIN without payload sent again counts there and not here: ftpscope counts segments that carry bytes a second time, and SYNs.',
  },
  {
    aspects: ['handshake'],
    matches: ({ ours }) => ours === null,
    right: 'both',
    why: 'Wireshark measures from the (last) SYN to the first ACK whatever it is: also to the RST of a refusal, after repeated SYNs of which any may be the one answered, and without the SYN,ACK. ftpscope gives a round trip for complete handshakes without repetition only.',
  },
]

function dataOf(json: string | null): DataStream | null {
  return json === null ? null : (JSON.parse(json) as DataStream)
}
