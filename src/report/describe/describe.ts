import type { InputFiles } from '../../capture/input-files.js'
import type { Clock } from '../../capture/time.js'
import type { DataChannel, Session } from '../../correlate/model.js'
import { failureOf, finalReply } from '../../correlate/transfers.js'
import { absolutePath } from '../../ftp/state/working-directory.js'
import { type Connection, Direction, type Endpoint } from '../../tcp/connection.js'
import { parseAddress } from '../../wire/address.js'
import { communityId } from '../../wire/community-id.js'
import type { CaptureRule } from '../../diagnose/capture/capture-rule.js'
import type { TlsStory } from '../../diagnose/facts/tls-story.js'
import type { VantageEstimate } from '../../diagnose/facts/vantage.js'
import type { Judgement } from '../../diagnose/judge.js'
import { remedyContext } from '../../diagnose/remedies/remedy-context.js'
import type { Fact, Finding, Middlebox, RuleFacts } from '../../diagnose/rule.js'
import { type Evidence, evidenceText } from '../../diagnose/words/evidence.js'
import { findingTitle, messageOf } from '../../diagnose/words/finding.js'
import { withFileNames } from '../../diagnose/words/frame-names.js'
import { nextCapture } from '../../diagnose/remedies/next-capture.js'
import { shown, type Shown } from '../../diagnose/words/quote.js'
import { settledBy } from '../../diagnose/words/settled-by.js'
import { verdictSentence } from '../../diagnose/words/verdict.js'
import { causeOf } from '../cause.js'
import { describeExchange, describeInference, describeLatency } from './describe-dialogue.js'
import { describePackets } from './describe-packets.js'
import { describeRemedy } from '../remedy-steps.js'
import { describeTls } from './describe-tls.js'
import type { HostNames } from './host-names.js'
import { toMicrosecond, toMilliseconds } from './milliseconds.js'
import { ticketOf } from './ticket.js'
import type {
  ClosedBy,
  ConnectionReport,
  ControlState,
  DataChannelReport,
  EndpointReport,
  EvidenceReport,
  FindingReport,
  OriginReport,
  RateReport,
  SessionReport,
  TransferCount,
  TransferReport,
  VantageReport,
  VerdictReport,
} from '../contract.js'
import type { TlsReport } from '../tls-contract.js'

/** Characters of the name that a client gives itself. */
const LONGEST_CLIENT_NAME = 128

export interface DescribeContext {
  clock: Clock
  files: InputFiles
  names: HostNames
}

/** A judged session in the form of the contract. `shared` is what the session has in common with those of its path. */
export function describeSession(judgement: Judgement, context: DescribeContext, shared?: PathShare): SessionReport {
  const { clock, files, names } = context
  const { session, facts, findings } = judgement
  const { control, dialogue } = session
  const last = lastOf(session)
  const forged = forgedResets(findings)
  const { serverSoftware } = remedyContext(session, facts)
  const worded = shared?.findings ?? describeFindings(judgement, files)
  const secured = describeSecured(facts.tls)
  const report: SessionReport = {
    id: session.id,
    tcpStream: control.tcpStream,
    communityId: communityIdOf(control),
    client: endpointOf(control.initiator, names),
    server: endpointOf(control.responder, names),
    start: clock.iso(control.first.time),
    end: clock.iso(last.time),
    durationMs: toMilliseconds(last.time - control.first.time),
    firstFrame: control.first.frame,
    lastFrame: last.frame,
    control: {
      state: controlState(control),
      closedBy: closedBy(control, Direction.FromInitiator),
      rttMs: control.roundTrip === null ? null : toMilliseconds(control.roundTrip),
      retransmissions: control.flows[0].retransmissions + control.flows[1].retransmissions,
      packets: describePackets(control, Direction.FromInitiator, clock, forged, dialogue.tls),
    },
    vantage: describeVantage(facts.vantage),
    serverSoftware,
    clientSoftware: dialogue.clientSoftware?.slice(0, LONGEST_CLIENT_NAME) ?? null,
    user: dialogue.user,
    login: dialogue.login,
    security: dialogue.security,
    decrypted: dialogue.decryption !== null,
    exchanges: dialogue.exchanges.map((exchange) => describeExchange(exchange, clock)),
    otherProtocol: dialogue.otherProtocol?.name ?? null,
    middlebox: middleboxOf(findings),
    latency: describeLatency(facts.latency),
    dataChannels: session.channels.map((channel) => describeChannel(channel, context, forged, secured?.get(channel))),
    findings: worded,
    verdict: shared?.verdict ?? describeVerdict(judgement, worded, context),
    transfers: shared?.transfers ?? facts.transfers,
  }
  const tls = secured?.get(null)
  if (tls) report.control.tls = tls
  if (shared) report.path = shared.path
  if (files.areSeveral) report.origin = originOf(session.control, files)
  const inferredExchanges = session.inferred ? describeInference(session.inferred, clock) : []
  return inferredExchanges.length > 0 ? inserted(report, 'otherProtocol', { inferredExchanges }) : report
}

/** With members that few reports have, before that one. Most are made with one shape, which costs half. */
function inserted<Report extends object>(report: Report, before: keyof Report, members: Partial<Report>): Report {
  const entries = Object.entries(report)
  const at = entries.findIndex(([name]) => name === before)
  return Object.fromEntries([...entries.slice(0, at), ...Object.entries(members), ...entries.slice(at)]) as Report
}

/** By data channel, `null` for the control connection; `null` where none is under TLS. */
function describeSecured({ connections }: TlsStory): ReadonlyMap<DataChannel | null, TlsReport | null> | null {
  if (connections.length === 0) return null
  return new Map(connections.map((connection) => [connection.channel, describeTls(connection)]))
}

/** What the sessions of a path share. */
export interface PathShare {
  path: number
  verdict: VerdictReport
  findings: FindingReport[]
  transfers: TransferCount
}

function endpointOf(endpoint: Endpoint, names: HostNames): EndpointReport {
  const name = names.of(endpoint.address)
  return name === null ? endpoint : { ...endpoint, name }
}

function originOf({ first, streamInFile }: Connection, files: InputFiles): OriginReport {
  const { file, frame } = files.find(first.frame)
  return { file, firstFrame: frame, tcpStream: streamInFile }
}

/** The findings of a judgement, worded. */
export function describeFindings({ session, facts, findings }: Judgement, files: InputFiles): FindingReport[] {
  const context = remedyContext(session, facts)
  return findings.map((finding) => {
    const fact = shown(finding.fact)
    return describeFinding(finding, fact, [...finding.rule.remedy(fact, context), ...nextCapture(finding)], files)
  })
}

function describeVantage({ at, confidence, reasons }: VantageEstimate): VantageReport {
  return { at, confidence, reasons: [...reasons] }
}

function describeChannel(
  channel: DataChannel,
  { clock, files }: DescribeContext,
  forged: ReadonlySet<number>,
  tls: TlsReport | null | undefined,
): DataChannelReport {
  const { announcement } = channel
  const connection = channel.connection && describeConnection(channel.connection, channel.mode, clock, forged)
  if (connection && files.areSeveral) connection.origin = originOf(channel.connection!, files)
  if (connection && tls) connection.tls = tls
  return {
    id: channel.id,
    mode: channel.mode,
    verb: announcement?.verb ?? null,
    announcement: announcement && {
      frame: announcement.frame,
      address: announcement.address,
      port: announcement.port,
    },
    from: channel.from,
    to: channel.to,
    state: channel.state,
    match: channel.match,
    connection,
    transfer: describeTransfer(channel, clock),
  }
}

function describeConnection(
  connection: Connection,
  mode: 'active' | 'passive',
  clock: Clock,
  forged: ReadonlySet<number>,
): ConnectionReport {
  const clientDirection = mode === 'passive' ? Direction.FromInitiator : Direction.FromResponder
  const [forward, backward] = connection.flows
  return {
    tcpStream: connection.tcpStream,
    communityId: communityIdOf(connection),
    synFrame: connection.syns[0]?.frame ?? null,
    lastFrame: connection.last.frame,
    attempts: connection.synAttempts,
    rttMs: connection.roundTrip === null ? null : toMilliseconds(connection.roundTrip),
    bytes: forward.end + backward.end,
    retransmissions: forward.retransmissions + backward.retransmissions,
    missingBytes: forward.missingBytes + backward.missingBytes,
    closedBy: closedBy(connection, clientDirection),
    packets: describePackets(connection, clientDirection, clock, forged),
    rate: describeRate(connection, clock),
  }
}

/** Of the direction that carried more. */
function describeRate({ flows: [forward, backward] }: Connection, clock: Clock): RateReport | null {
  const { rate } = forward.end >= backward.end ? forward : backward
  return rate && { start: clock.iso(rate.start), intervalMs: toMilliseconds(rate.interval), bytes: rate.bytes }
}

function describeTransfer({ transfer, connection }: DataChannel, clock: Clock): TransferReport | null {
  if (!transfer) return null
  const { command } = transfer
  const { exchange, path } = command
  const reply = finalReply(command)
  const absolute = path === null && command.direction !== 'listing' ? null : absolutePath(command.directory, path ?? '')
  const report: TransferReport = {
    frame: exchange.frame,
    start: clock.iso(exchange.time),
    end: clock.iso(Math.max(exchange.time, reply?.time ?? 0, connection?.last.time ?? 0)),
    command: command.command,
    path,
    ...(absolute !== null && { absolutePath: absolute }),
    direction: command.direction,
    representation: command.representation,
    restartAt: command.restartAt,
    bytes: transfer.bytes,
    expectedBytes: command.expectedBytes,
    durationMs: transfer.durationMs === null ? null : toMicrosecond(transfer.durationMs),
    firstByteMs: transfer.firstByteMs === null ? null : toMicrosecond(transfer.firstByteMs),
    bytesPerSecond: transfer.bytesPerSecond === null ? null : Math.round(transfer.bytesPerSecond),
    outcome: transfer.outcome,
    reply: reply && { code: reply.code, text: reply.text },
  }
  return transfer.decrypted ? inserted(report, 'expectedBytes', { decrypted: true }) : report
}

/** Frames of RSTs that a finding attributes to a device other than the host whose address they carry. */
function forgedResets(findings: readonly Finding[]): ReadonlySet<number> {
  let frames = NO_FRAMES
  for (const { rule, side, evidence } of findings) {
    if (!rule.identifiesResets || (side !== 'path' && side !== 'client-network' && side !== 'server-network')) continue
    frames = new Set([...frames, ...evidence.map(({ frame }) => frame)])
  }
  return frames
}

const NO_FRAMES: ReadonlySet<number> = new Set()

/** The middlebox that the findings prove: evidence of NAT is clearer than that of a firewall. */
function middleboxOf(findings: readonly Finding[]): Middlebox | null {
  let proved: Middlebox | null = null
  for (const { rule } of findings) if (rule.proves === 'translator' || !proved) proved = rule.proves ?? proved
  return proved
}

/** The verdict of a judgement, whose findings are worded already. */
export function describeVerdict(
  judgement: Judgement,
  findings: readonly FindingReport[],
  { clock, files }: Pick<DescribeContext, 'clock' | 'files'>,
): VerdictReport {
  const { outcome, cause, confidence } = judgement.verdict
  const locate = files.areSeveral ? files.locate : undefined
  const settled = settledBy(judgement)
  const verdict = {
    outcome,
    cause: cause?.id ?? null,
    why: cause && whyOf(cause),
    confidence,
    sentence: verdictSentence(judgement, locate),
    settledBy: settled === null || !locate ? settled : withFileNames(settled, locate),
  }
  const ticket = ticketOf(judgement.session, verdict, causeOf({ findings, verdict }) ?? null, clock)
  return { ...verdict, ticket }
}

function whyOf({ rule, fact }: Finding): string {
  const facts = shown(fact)
  return rule.texts.why?.(facts) ?? findingTitle({ rule }, facts)
}

/** A finding on the capture as a whole. */
export function describeCaptureFinding(finding: Finding<CaptureRule>, files: InputFiles): FindingReport {
  const fact = shown(finding.fact)
  return describeFinding(finding, fact, finding.rule.remedy(fact), files)
}

function describeFinding(
  finding: Finding<RuleFacts>,
  fact: Shown<Fact>,
  remedy: readonly string[],
  files: InputFiles,
): FindingReport {
  const { rule, id, severity, confidence, side, evidence, rivals, channel } = finding
  return {
    id,
    facts: fact,
    severity,
    confidence,
    title: findingTitle(finding, fact),
    message: messageOf(finding, fact, files.areSeveral ? files.locate : undefined),
    side,
    evidence: evidence.map((each) => describeEvidence(each, files)),
    ...describeRemedy(remedy),
    references: [...rule.references],
    rivals: [...rivals],
    dataChannel: channel?.id ?? null,
  }
}

function describeEvidence(evidence: Evidence, files: InputFiles): EvidenceReport {
  const { frame } = evidence
  const local = files.locate(frame)
  const text = evidenceText(shown(evidence))
  const note = local && evidence.quote === null ? withFileNames(text, files.locate) : text
  return { frame, note, ...(local && { file: local.file, localFrame: local.frame }) }
}

function controlState(control: Connection): ControlState {
  if (control.midstream) return 'midstream'
  if (control.established !== null || control.flows[1].end > 0) return 'established'
  return control.synAckAttempts > 0 ? 'incomplete' : failureOf(control)
}

/** In terms of FTP's client and server; `clientDirection` is the one in which the FTP client sends. */
function closedBy(connection: Connection, clientDirection: Direction): ClosedBy {
  if (connection.closedBy === null) {
    return connection.established !== null || connection.midstream || connection.flows[1].end > 0 ? 'open' : 'none'
  }
  const byClient = connection.closedBy.direction === clientDirection
  if (connection.closedBy.how === 'rst') return byClient ? 'reset-by-client' : 'reset-by-server'
  return byClient ? 'client' : 'server'
}

function lastOf(session: Session): { frame: number; time: number } {
  let last = session.control.last
  for (const { connection } of session.channels)
    if (connection && connection.last.frame > last.frame) last = connection.last
  return last
}

function communityIdOf({ initiator, responder }: Connection): string {
  const [from, to] = [parseAddress(initiator.address)!, parseAddress(responder.address)!]
  return communityId(from, initiator.port, to, responder.port)
}
