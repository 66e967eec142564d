/**
 * The analysis as JSON, `ftpscope/1`: what `--format json` prints and every other report is made from. Field names are fixed;
 * more may be added. `null` where unknown; addresses as text, ports as numbers, times as ISO 8601 UTC with the capture's precision.
 * `schema.json` beside this file is its JSON Schema.
 */
import type { Confidence } from '../diagnose/confidence.js'
import type { ChannelState, Match, TransferOutcome } from '../correlate/model.js'
import type { TransferCount } from '../diagnose/facts/count-transfers.js'
import type { Vantage } from '../diagnose/facts/vantage.js'
import type { Outcome } from '../diagnose/outcome.js'
import type { FindingId } from '../diagnose/catalogue.js'
import type { Middlebox, Severity, Side } from '../diagnose/rule.js'
import type { FactOf } from '../diagnose/rules/rules.js'
import type { Shown } from '../diagnose/words/quote.js'
import type { AnnouncementVerb, Login, Mode, Representation, Security, TransferDirection } from '../ftp/model.js'

export type { Outcome, TransferCount, Vantage }

export const SCHEMA = 'ftpscope/1'

export interface Analysis {
  schema: typeof SCHEMA
  tool: { name: string; version: string }
  capture: CaptureReport
  summary: Summary
  sessions: SessionReport[]
  /** Findings of the capture as a whole. */
  findings: FindingReport[]
}

export interface CaptureReport {
  files: CaptureFileReport[]
  frames: number
  start: string | null
  end: string | null
  durationMs: number | null
  anomalies: AnomalyReport[]
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
  outcomes: Record<Outcome, number>
  transfers: TransferCount
  findings: Record<Severity, number>
  vantage: Vantage
  /** Sessions that did not go well, grouped by what ails them: the worst outcome first, among equals the most sessions. */
  causes: CauseReport[]
  /** Logins whose password crossed the network in clear text, anonymous ones left out; in the order of their first frame, 1,000 at most. */
  credentialsExposed: CredentialReport[]
}

/** Sessions with the same cause; where that sits at the server or before it, also of the same server. */
export interface CauseReport {
  /** Finding id. */
  cause: string
  title: string
  /** The worst among its sessions. */
  outcome: Outcome
  /** How many sessions. */
  count: number
  /** Their ids, the first 100. */
  sessions: number[]
  /** How many addresses of clients and endpoints of servers, counted up to 10,000. */
  clients: number
  servers: number
  /** The one client, the one server; `null` where there are several. */
  client: string | null
  server: EndpointReport | null
  /** What a ticket can carry: how many sessions, whose, and what the first of them shows. */
  sentence: string
}

/** A user whose password can be read in the capture. The password itself is not here. */
export interface CredentialReport {
  user: string
  server: EndpointReport
  /** Sessions in which it was sent. */
  sessions: number
  firstFrame: number
  /** The server took it; `null` where no answer was seen. */
  accepted: boolean | null
}

export interface EndpointReport {
  address: string
  port: number
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
  }
  /** Where the session was captured, and what tells. */
  vantage: VantageReport
  serverSoftware: string | null
  clientSoftware: string | null
  user: string | null
  login: Login
  security: Security
  decrypted: boolean
  exchanges: ExchangeReport[]
  /** Another protocol that was recognized on the control connection ("SSH"); `null` for FTP. */
  otherProtocol: string | null
  /** What stands between client and server, where a finding proves it. */
  middlebox: Middlebox | null
  /** How fast the server answered; `null` where no command with its reply was seen. */
  latency: LatencyReport | null
  dataChannels: DataChannelReport[]
  findings: FindingReport[]
  verdict: VerdictReport
  /** Data transfers that the user wanted, and what came of them; an attempt that a later one made good is not counted twice. */
  transfers: TransferCount
}

export interface VantageReport {
  at: Vantage
  confidence: Confidence
  /** Each a sentence part: "TTL 64 from the client is untouched". */
  reasons: string[]
}

export interface LatencyReport {
  /** Commands that were answered. */
  commands: number
  /** From a command to its first reply. */
  medianMs: number
  maxMs: number
  /** From the handshake to the greeting. */
  greetingMs: number | null
  /** The three slowest, the slowest first. */
  slowest: { frame: number; command: string; latencyMs: number }[]
  /** The same in words, compared with the round trip. */
  sentence: string
}

export interface ReplyReport {
  frame: number
  time: string
  code: number
  text: string
}

export interface ExchangeReport {
  frame: number
  time: string
  command: string | null
  argument: string | null
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
  /** Of the direction that carried more; `null` where all its bytes came within a millisecond. */
  rate: RateReport | null
}

export type PacketKindReport =
  | 'syn'
  | 'syn-ack'
  /** The acknowledgment that ends the handshake. */
  | 'ack'
  | 'first-data'
  | 'last-data'
  | 'retransmission'
  /** The sender's receive window is shut. */
  | 'zero-window'
  | 'fin'
  | 'rst'
  | 'icmp'
  | 'client-hello'
  | 'server-hello'
  | 'alert'

/** A packet that tells something about its connection, in the order of frames; of each kind a few. Commands and replies are exchanges. */
export interface PacketReport {
  frame: number
  time: string
  /** In terms of FTP; `network` for an ICMP error. */
  from: 'client' | 'server' | 'network'
  kind: PacketKindReport
  /** Which ICMP error from whom, which alert; `null` where the kind says all. */
  note: string | null
  /** The capture shows no answer: it, or its answer, did not arrive. */
  lost: boolean
  /** Only of a RST that another machine sent in a host's name, as far as a finding shows it. */
  forged?: true
  /** Only of an ICMP error. */
  icmp?: IcmpReport
}

export interface IcmpReport {
  version: 4 | 6
  type: number
  code: number
  /** What it says: "host administratively prohibited". */
  description: string
  /** Address of its sender. */
  from: string
}

/** Payload bytes over time, each counted once, in equal intervals. */
export interface RateReport {
  start: string
  intervalMs: number
  bytes: number[]
}

export interface TransferReport {
  command: string
  path: string | null
  direction: TransferDirection
  representation: Representation
  restartAt: number
  bytes: number | null
  expectedBytes: number | null
  durationMs: number | null
  /** From the transfer command to the first byte of its data: a server's start-up delay. */
  firstByteMs: number | null
  bytesPerSecond: number | null
  outcome: TransferOutcome
  reply: { code: number; text: string } | null
}

/** The facts of the findings of one id: what happened (`kind`), addresses, counts, frames; texts from the wire without secrets. */
export type FindingFacts<Id extends FindingId> = Shown<FactOf<Id>>

/** A frame, and what it shows. */
export interface EvidenceReport {
  frame: number
  note: string
}

export interface FindingReport {
  id: string
  /** What the words were made of: `FindingFacts` has their types by id. */
  facts: { readonly kind: string }
  severity: Severity
  confidence: Confidence
  title: string
  message: string
  side: Side
  evidence: EvidenceReport[]
  remedy: string[]
  references: string[]
  rivals: string[]
  /** `id` of the data channel concerned, `null` for the session as a whole. */
  dataChannel: number | null
}

export interface VerdictReport {
  outcome: Outcome
  cause: string | null
  confidence: Confidence
  /** One sentence that a ticket can carry. */
  sentence: string
  /** To be pasted into a ticket: who, what, evidence, what to change, and how sure; `null` where nothing is wrong. */
  ticket: string | null
  /** The capture that would settle what this one leaves open; `null` where nothing is. */
  settledBy: string | null
}
