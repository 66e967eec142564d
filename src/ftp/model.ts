/** What a control connection said, in the terms of RFC 959. Plain values, filled by `ControlSession`. */

import { Direction } from '../tcp/connection.js'

/** Directions of a control connection: the FTP client is who opens it (RFC 959 §2.3). */
export const FROM_CLIENT = Direction.FromInitiator
export const FROM_SERVER = Direction.FromResponder

/** A reply (RFC 959 §4.2): complete, with all the lines of a multi-line reply. */
export interface Reply {
  /** Frame and time (ns since the first frame) of the segment that completed the last line. */
  frame: number
  time: number
  code: number
  /** Text without the code, lines of a multi-line reply joined by `\n`. */
  text: string
  /** 1yz: another reply follows (RFC 959 §4.2.1). */
  preliminary: boolean
}

/** A command with its replies. The greeting and other replies without a command are exchanges with `command: null`. */
export interface Exchange {
  frame: number
  time: number
  /** Verb in upper case as RFC 959 writes it, `null` for replies that no command caused. */
  command: string | null
  /** As sent, secrets included; redaction is the report's. `null` without argument. */
  argument: string | null
  replies: Reply[]
  /** True for a line that ended in LF without CR. */
  bareLineFeed: boolean
  form: VerbForm
  /**
   * Offset of the line in the client's byte stream, and the offset behind it: to tell whether it was acknowledged. -1 for replies
   * that no command caused.
   */
  streamStart: number
  streamEnd: number
}

/** The reply that ended an exchange (RFC 959 §4.2.1); `null` while none did. */
export function finalReply({ replies }: Exchange): Reply | null {
  return replies.find((reply) => !reply.preliminary) ?? null
}

/** How a command line begins: with the verb and a blank, with something before the verb, or with a tab behind it. */
export type VerbForm = 'plain' | 'indented' | 'tab'

/** A line that is not alone in a segment: behind another line, or split, with this many of its bytes in the first segment. */
export type PlaceInSegment = { how: 'behind' } | { how: 'split'; firstPart: number }

export type Mode = 'active' | 'passive'
export type ActiveVerb = 'PORT' | 'EPRT' | 'LPRT'
export type PassiveVerb = 'PASV' | 'EPSV' | 'LPSV' | 'CPSV' | 'SPSV'
export type AnnouncementVerb = ActiveVerb | PassiveVerb

/** A request for a data connection, whatever came of it: PORT, EPRT, LPRT, PASV, EPSV, LPSV and the odd relatives. */
export interface Announcement {
  mode: Mode
  verb: AnnouncementVerb
  exchange: Exchange
  /** Reply that decided: 227/228/229 or the refusal for passive, the answer to PORT for active; `null` while none was seen. */
  reply: Reply | null
  /** Frame and time of the words that name the port: of the command (active) or of the reply (passive; of the command until then). */
  frame: number
  time: number
  /** Announced address as text; `null` where the words name none (EPSV: the control peer's) or cannot be read. */
  address: string | null
  /** Announced port, 1 to 65535, or out of that range for `unusable`; `null` where none could be read. */
  port: number | null
  /** The server agreed: 2yz to an active verb, 227/228/229 to a passive one. */
  accepted: boolean
  /** The server said no (4yz, 5yz). */
  refused: boolean
  /** Why the words cannot be read as an announcement, as a sentence part ("octet 300 is larger than 255"); `null` when they can. */
  malformed: string | null
  /** Oddities that are readable all the same. */
  notes: AnnouncementNote[]
}

export type AnnouncementNote =
  /** 229 answered PASV or 227 answered EPSV. */
  | 'other-family'
  /** Line ended in LF without CR. */
  | 'bare-line-feed'
  /** PORT or PASV after EPSV ALL (RFC 2428 §4). */
  | 'after-epsv-all'
  /** 229 that names an address. */
  | 'address-in-229'
  /** Port below 1024. */
  | 'privileged-port'

export type Representation = 'ascii' | 'ebcdic' | 'image' | 'local'
export type TransferDirection = 'download' | 'upload' | 'listing'
/** MODE (RFC 959 §3.4): all but `stream` put more, or less, on the wire than the file holds. `deflate` is MODE Z. */
export type TransferMode = 'stream' | 'block' | 'compressed' | 'deflate'
/** STRU (RFC 959 §3.1.1). */
export type FileStructure = 'file' | 'record' | 'page'

/** A command that needs a data connection (RFC 959 §4.1.3, RFC 3659 §7). */
export interface TransferCommand {
  exchange: Exchange
  /** RETR, STOR, STOU, APPE, LIST, NLST, MLSD … */
  command: string
  path: string | null
  direction: TransferDirection
  representation: Representation
  mode: TransferMode
  structure: FileStructure
  /** Offset of the preceding REST, 0 without. */
  restartAt: number
  /** The announcement in force when the command was sent; `null` when there was none (default data port, or not captured). */
  announcement: Announcement | null
  /** From SIZE, "(N bytes)" of the 150, MLST/MLSD/LIST; `null` where nothing told. */
  expectedBytes: number | null
  expectedFrom: 'SIZE' | '150' | 'listing' | null
  /** Frame in which the expectation was stated. */
  expectedFrame: number | null
  /** Data channel protection in force: PROT P (RFC 4217 §9). */
  protectedData: boolean
  /** ABOR was sent while this transfer ran. */
  abortedBy: Exchange | null
}

/** What the TLS records of the control connection tell without keys. */
export interface ControlTls {
  clientHello: { frame: number; time: number } | null
  serverHello: { frame: number; time: number } | null
  /** At most 16. Level and description (RFC 8446 §6) are `null` for an encrypted one. */
  alerts: { frame: number; time: number; direction: Direction; level: number | null; description: number | null }[]
  /** Records of application data, at most 1024: lengths as in their headers, with what encryption adds. */
  records: { frame: number; time: number; direction: Direction; length: number }[]
  /** Both sides sent their Finished, as far as that shows. */
  established: boolean
}

export type Login = 'accepted' | 'rejected' | 'none' | 'unknown'
export type Security = 'none' | 'explicit-tls' | 'implicit-tls'

/** Everything read from one control connection. */
export interface Dialogue {
  exchanges: Exchange[]
  announcements: Announcement[]
  transfers: TransferCommand[]
  user: string | null
  /** The user name is one of anonymous, ftp (RFC 1635). */
  anonymous: boolean
  /** `none`: nobody tried; `unknown`: tried, or captured from the middle, without a sign of the result. */
  login: Login
  serverSoftware: string | null
  clientSoftware: string | null
  /** Labels of FEAT (RFC 2389), upper case. */
  features: string[]
  security: Security
  /** First frame from which the control connection was opaque (TLS, GSSAPI); `null` if it never was. */
  opaqueFrom: { frame: number; time: number } | null
  /** CCC was accepted: clear text again (RFC 2228 §3). */
  clearAgain: boolean
  /** PROT P accepted, or implicit TLS. */
  protectedData: boolean
  workingDirectory: string | null
  /** Name of another protocol recognised on this connection ("SSH", "HTTP", "SMTP", "TLS" …), `null` otherwise. */
  otherProtocol: { name: string; frame: number } | null
  /** A ClientHello arrived before any reply. */
  clientHello: { frame: number; time: number } | null
  /** TLS on this connection; `null` where none was seen. */
  tls: ControlTls | null
  /** Lines cut because they were longer than the cap. */
  cutLines: number
}

/** A dialogue of which nothing is known yet. */
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
    clearAgain: false,
    protectedData: false,
    workingDirectory: null,
    otherProtocol: null,
    clientHello: null,
    tls: null,
    cutLines: 0,
  }
}
