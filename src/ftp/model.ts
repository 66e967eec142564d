/** The content of a control connection, in the terms of RFC 959. Plain values, filled by `ControlSession`. */

import { Direction } from '../tcp/connection.js'
import type { Protection } from '../tls/content-length.js'
import type { ClientHello } from '../tls/hello.js'

/** Directions of a control connection, which the FTP client opens (RFC 959 §2.3). */
export const FROM_CLIENT = Direction.FromInitiator
export const FROM_SERVER = Direction.FromResponder

/** A complete reply (RFC 959 §4.2), with all lines of a multi-line reply. */
export interface Reply {
  /** Frame and time (ns since the first frame) of the segment that completed the last line. */
  frame: number
  time: number
  code: number
  /** Text without the code; the lines of a multi-line reply are joined by `\n`. */
  text: string
  /** 1yz: another reply follows (RFC 959 §4.2.1). */
  preliminary: boolean
  /** How its lines end: `lf` if any of them has no CR. */
  lineEnd: LineEnd
  /** A multi-line reply whose last line, with code and space (RFC 959 §4.2), never came. */
  unfinished: boolean
  /** Its end was not captured: `text` is the beginning. */
  clipped: boolean
}

/** CR LF as RFC 959 §5.3.1 requires, LF without CR, or neither before the stream ended. */
export type LineEnd = 'crlf' | 'lf' | 'none'

/** A command with its replies. The greeting and other unsolicited replies are exchanges with `command: null`. */
export interface Exchange {
  frame: number
  time: number
  /** Verb in upper case as RFC 959 writes it; stars for a line that may be a secret; `null` for unsolicited replies. */
  command: string | null
  /** As sent, until `hideSecrets` puts stars for secrets. `null` without an argument. */
  argument: string | null
  replies: Reply[]
  lineEnd: LineEnd
  /** The end of the command line was not captured: `argument` is the beginning. */
  clipped: boolean
  form: VerbForm
  /** On the wire it was under TLS: no box on the path could read it. */
  encrypted: boolean
  /** Start and end of the line in the client's stream, to see if it was acknowledged; -1 for an unsolicited reply. */
  streamStart: number
  streamEnd: number
}

/** The reply that completes an exchange (RFC 959 §4.2.1); `null` while it is open. */
export function finalReply({ replies }: Exchange): Reply | null {
  return replies.find((reply) => !reply.preliminary) ?? null
}

/**
 * How a command line begins: with the verb and a space, with something before or inside the verb, with a tab after it,
 * or with an argument directly after it.
 */
export type VerbForm = 'plain' | 'indented' | 'tab' | 'glued'

/** A line that shares its segment: it follows another, or is split, with this many bytes in the first segment. */
export type PlaceInSegment = { how: 'behind' } | { how: 'split'; firstPart: number }

export type Mode = 'active' | 'passive'
export type ActiveVerb = 'PORT' | 'EPRT' | 'LPRT'
export type PassiveVerb = 'PASV' | 'EPSV' | 'LPSV' | 'CPSV' | 'SPSV'
export type AnnouncementVerb = ActiveVerb | PassiveVerb

/** A request for a data connection, whatever came of it: PORT, EPRT, LPRT, PASV, EPSV, LPSV and vendor variants. */
export interface Announcement {
  mode: Mode
  verb: AnnouncementVerb
  exchange: Exchange
  /** The deciding reply: 227/228/229 or the refusal if passive, the reply to PORT if active; `null` if not seen. */
  reply: Reply | null
  /** Frame and time of the text that names the port: the command if active, the reply (if there is one) if passive. */
  frame: number
  time: number
  /** Announced address; `null` if the text names none (EPSV: the server's own address applies) or it cannot be read. */
  address: string | null
  /** Announced port, 1 to 65535; it may be out of range if `malformed`. `null` if none could be read. */
  port: number | null
  /** The server agreed: 2yz to an active command, 227/228/229 to a passive one. */
  accepted: boolean
  /** The server refused (4yz, 5yz). */
  refused: boolean
  /**
   * The capture has only the beginning of the text that names the port: the ports that this still allows. `null` if it
   * has all of it, or none.
   */
  cutPorts: { low: number; high: number } | null
  /**
   * Only the length of the text is known: characters of the address that it names, where the own address of the host
   * that announced it does not fit.
   */
  foreignAddress?: { least: number; most: number }
  /** Why the text is not a valid announcement, as a clause ("octet 300 is larger than 255"); `null` if it is valid. */
  malformed: string | null
  /** Peculiarities that do not make it invalid. */
  notes: AnnouncementNote[]
}

export type AnnouncementNote =
  /** 229 in reply to PASV, or 227 in reply to EPSV. */
  | 'other-family'
  /** The line ended in LF without CR. */
  | 'bare-line-feed'
  /** PORT or PASV after EPSV ALL (RFC 2428 §4). */
  | 'after-epsv-all'
  /** A 229 that names an address. */
  | 'address-in-229'
  /** A port below 1024. */
  | 'privileged-port'

export type Representation = 'ascii' | 'ebcdic' | 'image' | 'local'
export type TransferDirection = 'download' | 'upload' | 'listing'
/** MODE (RFC 959 §3.4): all but `stream` send more or fewer bytes than the file has. `deflate` is MODE Z. */
export type TransferMode = 'stream' | 'block' | 'compressed' | 'deflate'
/** STRU (RFC 959 §3.1.1). */
export type FileStructure = 'file' | 'record' | 'page'

/** A command that needs a data connection (RFC 959 §4.1.3, RFC 3659 §7). */
export interface TransferCommand {
  exchange: Exchange
  /** RETR, STOR, STOU, APPE, LIST, NLST, MLSD … */
  command: string
  path: string | null
  /** The working directory in force; `null` while unknown. */
  directory: string | null
  direction: TransferDirection
  representation: Representation
  mode: TransferMode
  structure: FileStructure
  /** Offset of the preceding REST; 0 without one. */
  restartAt: number
  /** The capture has all of the restart point, or there was none. */
  restartKnown: boolean
  /** The announcement in force when the command was sent; `null` if none (default data port, or not captured). */
  announcement: Announcement | null
  /** From SIZE, "(N bytes)" in the 150, MLST/MLSD/LIST; `null` if unknown. */
  expectedBytes: number | null
  expectedFrom: 'SIZE' | '150' | 'listing' | null
  /** Frame that stated the expected size. */
  expectedFrame: number | null
  /** Data channel protection in force: PROT P (RFC 4217 §9). */
  protectedData: boolean
  /** ABOR sent while this transfer was running. */
  abortedBy: Exchange | null
}

/** What the TLS records of the control connection show without keys. */
export interface ControlTls {
  clientHello: { frame: number; time: number } | null
  /** What the first ClientHello offers. */
  offer: ClientHello | null
  serverHello: { frame: number; time: number } | null
  /** Version and suite that it chooses. */
  protection: Protection | null
  /** At most 16. Level and description (RFC 8446 §6) are `null` if the alert is encrypted. */
  alerts: { frame: number; time: number; direction: Direction; level: number | null; description: number | null }[]
  /** Records of application data, at most 1024: lengths as in their headers, including the overhead of encryption. */
  records: { frame: number; time: number; direction: Direction; length: number }[]
  /** How many of them follow each other without a loss or another handshake; `null` if all do. */
  recordsEnd: number | null
  /** Both sides sent their Finished message, as far as can be seen. */
  established: boolean
}

export type Login = 'accepted' | 'rejected' | 'none' | 'unknown'
/** `gssapi` stands for all mechanisms of RFC 2228 that wrap commands and replies: GSSAPI, KERBEROS_V4. */
export type Security = 'none' | 'explicit-tls' | 'implicit-tls' | 'gssapi'

/** Part of a line of the client that is no exchange: the capture lacks the rest, or it is not a command. */
export interface Fragment {
  /** Of the client's bytes, or of those before them that are missing. */
  frame: number
  /** Empty for a line of which nothing was captured. */
  text: string
}

/** Commands or replies under TLS were decrypted. */
export interface Decryption {
  /** The first record of application data that was not, though others were; `null` if all were. */
  hiddenFrom: { frame: number; time: number } | null
}

/** Everything read from one control connection. */
export interface Dialogue {
  exchanges: Exchange[]
  announcements: Announcement[]
  transfers: TransferCommand[]
  user: string | null
  /** The user name is `anonymous` or `ftp` (RFC 1635). */
  anonymous: boolean
  /** `none`: not attempted; `unknown`: attempted, or captured from the middle, with no sign of the result. */
  login: Login
  serverSoftware: string | null
  clientSoftware: string | null
  /** Labels of FEAT (RFC 2389), upper case. */
  features: string[]
  security: Security
  /** First frame from which the control connection was opaque on the wire (TLS, GSSAPI); `null` if it never was. */
  opaqueFrom: { frame: number; time: number } | null
  /** What was decrypted of the TLS; `null` if nothing was. */
  decryption: Decryption | null
  /** CCC was accepted: back to clear text (RFC 2228 §3). */
  clearAgain: boolean
  /** PROT P accepted, or implicit TLS. */
  protectedData: boolean
  workingDirectory: string | null
  /** The server's first line outside a reply that has no reply code, up to a limit; `null` without one. */
  uncodedLine: { frame: number; time: number; text: string; beforeReplies: boolean } | null
  /** Another protocol recognized on this connection ("SSH", "HTTP", "SMTP", "TLS" …); `null` otherwise. */
  otherProtocol: { name: string; frame: number } | null
  /** A ClientHello arrived before any reply. */
  clientHello: { frame: number; time: number } | null
  /** TLS on this connection; `null` if none was seen. */
  tls: ControlTls | null
  /** Number of lines truncated at the limit. */
  cutLines: number
  /** Parts of lines that may be parts of secrets, to find these elsewhere; reports do not show them. */
  fragments: Fragment[]
}

/** The dialogue is known from its greeting on (RFC 959 §5.4: 120, 220), even where the handshake was not captured. */
export function isGreeted({ exchanges }: Dialogue): boolean {
  const first = exchanges[0]
  const code = first?.command === null ? first.replies[0]?.code : undefined
  return code === 220 || code === 120
}

/** Where the dialogue is no longer known: opaque on the wire, and not decrypted. */
export function hiddenFrom({ opaqueFrom, decryption }: Dialogue): { frame: number; time: number } | null {
  return decryption ? decryption.hiddenFrom : opaqueFrom
}

/** The dialogue of a connection without any data. */
export function emptyDialogue(): Dialogue {
  return {
    exchanges: [],
    announcements: [],
    transfers: [],
    user: null,
    anonymous: false,
    login: 'none',
    serverSoftware: null,
    clientSoftware: null,
    features: [],
    security: 'none',
    opaqueFrom: null,
    decryption: null,
    clearAgain: false,
    protectedData: false,
    workingDirectory: null,
    uncodedLine: null,
    otherProtocol: null,
    clientHello: null,
    tls: null,
    cutLines: 0,
    fragments: [],
  }
}
