/**
 * The analysis as JSON, `ftpscope/1`: what `--format json` prints and every other report is made from. Field names are
 * fixed; more may be added. `null` where unknown; addresses as text, ports as numbers, times as ISO 8601 UTC with the
 * capture's precision. `schema.json` next to this file is its JSON Schema.
 */
import type { InferredExchangeReport } from './inferred-exchange.js'
import type { Confidence } from '../diagnose/confidence.js'
import type { ChannelState, Match, TransferOutcome } from '../correlate/model.js'
import type { TransferCount } from '../diagnose/facts/count-transfers.js'
import type { Vantage } from '../diagnose/facts/vantage.js'
import type { Outcome } from '../diagnose/outcome.js'
import type { FindingId } from '../diagnose/catalogue.js'
import type { Middlebox, Severity, Side } from '../diagnose/rule.js'
import type { FactOf } from '../diagnose/rules/rules.js'
import type { Shown } from '../diagnose/words/quote.js'
import type { PacketReport } from './packet-contract.js'
import type { TlsReport } from './tls-contract.js'
import type { AnnouncementVerb, Login, Mode, Representation, Security, TransferDirection } from '../ftp/model.js'
import type { OtherTrafficReport, ScannerReport } from './activity-contract.js'
import type { SeenReport } from './seen-contract.js'
import type { SessionPathReport } from './path-contract.js'

export type { Outcome, TransferCount, Vantage }
export type { OtherTrafficReport, ScannerReport }
export type { SeenReport }
export type { PathConnectionReport, SessionFateReport, SessionPathReport, SessionPlaceReport } from './path-contract.js'
export type { CertificateReport, TlsAlertReport, TlsReport } from './tls-contract.js'
export type { IcmpReport, PacketKindReport, PacketReport } from './packet-contract.js'

export const SCHEMA = 'ftpscope/1'

export interface Analysis {
  schema: typeof SCHEMA
  tool: { name: string; version: string }
  capture: CaptureReport
  summary: Summary
  sessions: SessionReport[]
  /** Findings on the capture as a whole. */
  findings: FindingReport[]
  /**
   * Hosts that probed control ports, health checks and floods, in the order of their first frames, at most 1,000. What
   * they sent is no session. Absent if there are none.
   */
  scanners?: ScannerReport[]
  /** Connections to control ports without an FTP client, by server and protocol, likewise. */
  otherTraffic?: OtherTrafficReport[]
  /**
   * Sessions that several places of capture saw, in the order of their first frames. Each counts once in `summary`.
   * Absent if every session was seen at one place.
   */
  paths?: SessionPathReport[]
}

export interface CaptureReport {
  files: CaptureFileReport[]
  frames: number
  start: string | null
  end: string | null
  durationMs: number | null
  anomalies: AnomalyReport[]
  /** What it holds instead, where it holds no session at all; absent otherwise. */
  seen?: SeenReport[]
}

export interface CaptureFileReport {
  path: string
  format: 'pcap' | 'pcapng'
  compression: 'gzip' | 'zstd' | null
  linkTypes: number[]
  snapLength: number | null
  frames: number
  bytes: number
  start: string | null
  end: string | null
  /** False when the file ended inside a record or is damaged. */
  complete: boolean
}

export interface AnomalyReport {
  kind: string
  count: number
  firstFrame: number | null
  message: string
}

export interface Summary {
  sessions: number
  /** Sessions that were not chosen, of which nothing else is told; absent if there are none. */
  leftOut?: number
  outcomes: Record<Outcome, number>
  transfers: TransferCount
  findings: Record<Severity, number>
  vantage: Vantage
  /** Sessions that did not work, grouped by cause: the worst outcome first, among equals the most sessions. */
  causes: CauseReport[]
  /**
   * Logins whose password was sent in clear text, except anonymous ones; in the order of their first frame, at most
   * 1,000.
   */
  credentialsExposed: CredentialReport[]
}

/** Sessions with the same cause; if that lies at the server or in its network, also with the same server. */
export interface CauseReport {
  /** Finding id. */
  cause: string
  title: string
  /** The worst outcome of its sessions. */
  outcome: Outcome
  /** Number of sessions. */
  count: number
  /** Their ids, the first 100. */
  sessions: number[]
  /** Number of client addresses and server endpoints, counted up to 10,000. */
  clients: number
  servers: number
  /** The one client, the one server; `null` if there are several. */
  client: string | null
  server: EndpointReport | null
  /** A summary for a ticket: how many sessions, between which hosts, and what happened in the first of them. */
  sentence: string
}

/** A user whose password can be read in the capture. The password itself is not here. */
export interface CredentialReport {
  user: string
  server: EndpointReport
  /** Sessions in which it was sent. */
  sessions: number
  firstFrame: number
  /** Whether the server accepted it; `null` if no reply was captured that judges it. */
  accepted: boolean | null
}

export interface EndpointReport {
  address: string
  port: number
  /** As a name record of the capture, or the configuration, calls the host; absent where none does. */
  name?: string
}

export type ControlState = 'established' | 'refused' | 'unanswered' | 'unreachable' | 'incomplete' | 'midstream'
export type ClosedBy = 'client' | 'server' | 'reset-by-client' | 'reset-by-server' | 'open' | 'none'

export interface SessionReport {
  id: number
  tcpStream: number
  communityId: string
  client: EndpointReport
  server: EndpointReport
  start: string
  end: string
  durationMs: number
  firstFrame: number
  lastFrame: number
  control: {
    state: ControlState
    closedBy: ClosedBy
    rttMs: number | null
    retransmissions: number
    packets: PacketReport[]
    /** Absent without TLS. */
    tls?: TlsReport
  }
  /** Where the session was captured, and how that is known. */
  vantage: VantageReport
  serverSoftware: string | null
  clientSoftware: string | null
  user: string | null
  login: Login
  security: Security
  /** Commands and replies under TLS were decrypted, all or some of them. */
  decrypted: boolean
  exchanges: ExchangeReport[]
  /** Commands and replies under TLS that were not read, by the lengths of their records; absent without any. */
  inferredExchanges?: InferredExchangeReport[]
  /** Another protocol that was recognized on the control connection ("SSH"); `null` for FTP. */
  otherProtocol: string | null
  /** The middlebox between client and server, if a finding proves one. */
  middlebox: Middlebox | null
  /** How fast the server replied; `null` if no command with its reply was captured. */
  latency: LatencyReport | null
  dataChannels: DataChannelReport[]
  findings: FindingReport[]
  verdict: VerdictReport
  /** Data transfers that the user wanted, and their outcomes; a failed attempt that succeeded on retry counts once. */
  transfers: TransferCount
  /** `id` of its path; absent for a session that one place saw. */
  path?: number
  /** Where it begins in its own file; absent if the input is one file. */
  origin?: OriginReport
}

export interface OriginReport {
  file: string
  firstFrame: number
  /** As Wireshark numbers it with that file alone, where connections may go on from earlier ones; `null`: unknown. */
  tcpStream: number | null
}

export interface VantageReport {
  at: Vantage
  confidence: Confidence
  /** Each a clause of a sentence: "the client's TTL of 64 has not been decremented". */
  reasons: string[]
}

export interface LatencyReport {
  /** Commands that received a reply. */
  commands: number
  /** From a command to its first reply. */
  medianMs: number
  maxMs: number
  /** From the handshake to the greeting. */
  greetingMs: number | null
  /** The three slowest, slowest first. */
  slowest: { frame: number; command: string; latencyMs: number }[]
  /** The same in words, compared with the round-trip time. */
  sentence: string
}

export interface ReplyReport {
  frame: number
  time: string
  code: number
  text: string
  /** The capture has only the beginning of the reply; absent where it has all of it. */
  cut?: true
}

export interface ExchangeReport {
  frame: number
  time: string
  command: string | null
  argument: string | null
  /** The capture has only the beginning of the command line; absent where it has all of it. */
  cut?: true
  /** It was under TLS on the wire, and decrypted; absent for one in clear text. */
  encrypted?: true
  replies: ReplyReport[]
  /** From the command to its first reply. */
  latencyMs: number | null
}

export interface DataChannelReport {
  id: number
  mode: Mode
  verb: AnnouncementVerb | null
  announcement: { frame: number; address: string | null; port: number | null } | null
  from: { address: string; port: number | null }
  to: { address: string | null; port: number | null }
  state: ChannelState
  match: Match
  connection: ConnectionReport | null
  transfer: TransferReport | null
}

export interface ConnectionReport {
  tcpStream: number
  communityId: string
  synFrame: number | null
  lastFrame: number
  attempts: number
  rttMs: number | null
  bytes: number
  retransmissions: number
  missingBytes: number
  closedBy: ClosedBy
  packets: PacketReport[]
  /** Where it begins in its own file; absent if the input is one file. */
  origin?: OriginReport
  /** Absent without TLS. */
  tls?: TlsReport
  /** Of the direction that carried more; `null` if all its bytes were captured within a millisecond. */
  rate: RateReport | null
}

/** Payload bytes over time, each counted once, in equal intervals. */
export interface RateReport {
  start: string
  intervalMs: number
  bytes: number[]
}

export interface TransferReport {
  /** Of its command. */
  frame: number
  /** Of its command, and of its final reply or the last packet of its data, whichever came later. */
  start: string
  end: string
  command: string
  /** As the client named it. */
  path: string | null
  /** The same with the working directory, and for a listing without a path that directory; absent where unknown. */
  absolutePath?: string
  direction: TransferDirection
  representation: Representation
  restartAt: number
  /** Under TLS those of the content where it was `decrypted`, else those on the wire. */
  bytes: number | null
  /** It was under TLS on the wire, and decrypted as far as its length; absent for one in clear text. */
  decrypted?: true
  expectedBytes: number | null
  durationMs: number | null
  /** From the transfer command to the first byte of its data: the server's start-up delay. */
  firstByteMs: number | null
  bytesPerSecond: number | null
  outcome: TransferOutcome
  reply: { code: number; text: string } | null
}

/**
 * The facts of the findings of one id: what happened (`kind`), addresses, counts, frames; quotes from the wire without
 * secrets.
 */
export type FindingFacts<Id extends FindingId> = Shown<FactOf<Id>>

/** A frame, and what it shows. */
export interface EvidenceReport {
  frame: number
  note: string
  /** The frame's file and its number there; absent if the input is one file. */
  file?: string
  localFrame?: number
}

/** A command at the end of a remedy. */
export interface CommandReport {
  /** Index in `remedy`. */
  remedy: number
  /** The system or program that it is for; absent where the remedy says so. */
  on?: string
  run: string
}

export interface FindingReport {
  id: string
  /** What the texts are generated from: `FindingFacts` has their types by id. */
  facts: { readonly kind: string }
  severity: Severity
  confidence: Confidence
  title: string
  message: string
  side: Side
  evidence: EvidenceReport[]
  /** What to change, best first, with the commands in it. */
  remedy: string[]
  /** The commands in `remedy`, to be run as they stand; absent without any. */
  commands?: CommandReport[]
  references: string[]
  rivals: string[]
  /** `id` of the data channel concerned, `null` for the session as a whole. */
  dataChannel: number | null
}

export interface VerdictReport {
  outcome: Outcome
  cause: string | null
  /** The cause in a few words, for tables: the title of its finding, or what was refused; `null` without a cause. */
  why: string | null
  confidence: Confidence
  /** One sentence, for a ticket. */
  sentence: string
  /**
   * A paragraph to paste into a ticket: hosts, what happened, evidence, what to change, confidence; `null` if nothing
   * is wrong.
   */
  ticket: string | null
  /** The additional capture that would confirm an uncertain verdict; `null` if none is needed. */
  settledBy: string | null
}
