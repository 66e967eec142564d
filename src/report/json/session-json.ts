import type {
  ConnectionReport,
  DataChannelReport,
  EndpointReport,
  EvidenceReport,
  ExchangeReport,
  FindingReport,
  LatencyReport,
  PacketReport,
  RateReport,
  ReplyReport,
  SessionReport,
  TransferReport,
  VerdictReport,
} from '../contract.js'
import { safeJson } from './safe-json.js'

/**
 * The members of a session after its id, from a comma to the closing brace, with the characters of `safeJson(session)`
 * if its members are in the order of the contract. Written from templates, at half the cost: what every session has is
 * here, what few have is left to `safeJson`. `test/report/session-json.property.test.ts` holds it to the schema.
 */
export function jsonAfterId(of: SessionReport): string {
  const { client, server, control, vantage, transfers, inferredExchanges, path, origin } = of
  return (
    `,"tcpStream":${of.tcpStream},"communityId":${text(of.communityId)}` +
    `,"client":${endpoint(client)},"server":${endpoint(server)}` +
    `,"start":"${of.start}","end":"${of.end}","durationMs":${of.durationMs}` +
    `,"firstFrame":${of.firstFrame},"lastFrame":${of.lastFrame}` +
    `,"control":{"state":"${control.state}","closedBy":"${control.closedBy}","rttMs":${control.rttMs}` +
    `,"retransmissions":${control.retransmissions},"packets":[${list(control.packets, packet)}]` +
    `${rare('tls', control.tls)}}` +
    `,"vantage":{"at":"${vantage.at}","confidence":"${vantage.confidence}","reasons":[${list(vantage.reasons, text)}]}` +
    `,"serverSoftware":${text(of.serverSoftware)},"clientSoftware":${text(of.clientSoftware)}` +
    `,"user":${text(of.user)},"login":"${of.login}","security":"${of.security}","decrypted":${of.decrypted}` +
    `,"exchanges":[${list(of.exchanges, exchange)}]${rare('inferredExchanges', inferredExchanges)}` +
    `,"otherProtocol":${text(of.otherProtocol)},"middlebox":${text(of.middlebox)}` +
    `,"latency":${of.latency ? latency(of.latency) : null},"dataChannels":[${list(of.dataChannels, channel)}]` +
    `,"findings":[${list(of.findings, finding)}],"verdict":${verdict(of.verdict)}` +
    `,"transfers":{"attempted":${transfers.attempted},"completed":${transfers.completed},"failed":${transfers.failed}` +
    `${rare('hidden', transfers.hidden)}}${rare('path', path)}${rare('origin', origin)}}`
  )
}

function endpoint({ address, port, name }: EndpointReport): string {
  return `{"address":${text(address)},"port":${port}${rare('name', name)}}`
}

function packet(of: PacketReport): string {
  const { frame, time, from, kind } = of
  const isPlain = of.note === null && !of.lost && of.forged === undefined && of.icmp === undefined
  return `{"frame":${frame},"time":"${time}${isPlain ? (PLAIN_PACKETS[from][kind] ??= afterTime(of)) : afterTime(of)}`
}

/** What follows the time of most packets is one of a few texts. */
const PLAIN_PACKETS: Record<PacketReport['from'], Partial<Record<PacketReport['kind'], string>>> = {
  client: {},
  server: {},
  network: {},
}

function afterTime({ from, kind, note, lost, forged, icmp }: PacketReport): string {
  const all = `","from":"${from}","kind":"${kind}","note":${text(note)},"lost":${lost}`
  return `${all}${rare('forged', forged)}${rare('icmp', icmp)}}`
}

function exchange(of: ExchangeReport): string {
  return (
    `{"frame":${of.frame},"time":"${of.time}","command":${text(of.command)},"argument":${text(of.argument)}` +
    `${rare('cut', of.cut)}${rare('encrypted', of.encrypted)}` +
    `,"replies":[${list(of.replies, reply)}],"latencyMs":${of.latencyMs}}`
  )
}

function reply({ frame, time, code, text: words, cut }: ReplyReport): string {
  return `{"frame":${frame},"time":"${time}","code":${code},"text":${text(words)}${rare('cut', cut)}}`
}

function latency({ commands, medianMs, maxMs, greetingMs, slowest, sentence }: LatencyReport): string {
  const times = `{"commands":${commands},"medianMs":${medianMs},"maxMs":${maxMs},"greetingMs":${greetingMs}`
  return `${times},"slowest":[${list(slowest, slow)}],"sentence":${text(sentence)}}`
}

function slow({ frame, command, latencyMs }: LatencyReport['slowest'][number]): string {
  return `{"frame":${frame},"command":${text(command)},"latencyMs":${latencyMs}}`
}

function channel({
  id,
  mode,
  verb,
  announcement,
  from,
  to,
  state,
  match,
  connection,
  transfer,
}: DataChannelReport): string {
  const announced =
    announcement &&
    `{"frame":${announcement.frame},"address":${text(announcement.address)},"port":${announcement.port}}`
  return (
    `{"id":${id},"mode":"${mode}","verb":${text(verb)},"announcement":${announced}` +
    `,"from":{"address":${text(from.address)},"port":${from.port}},"to":{"address":${text(to.address)},"port":${to.port}}` +
    `,"state":"${state}","match":"${match}","connection":${connection && connected(connection)}` +
    `,"transfer":${transfer && transferred(transfer)}}`
  )
}

function connected(of: ConnectionReport): string {
  return (
    `{"tcpStream":${of.tcpStream},"communityId":${text(of.communityId)},"synFrame":${of.synFrame}` +
    `,"lastFrame":${of.lastFrame},"attempts":${of.attempts},"rttMs":${of.rttMs},"bytes":${of.bytes}` +
    `,"retransmissions":${of.retransmissions},"missingBytes":${of.missingBytes},"closedBy":"${of.closedBy}"` +
    `,"packets":[${list(of.packets, packet)}],"rate":${of.rate && rate(of.rate)}` +
    `${rare('origin', of.origin)}${rare('tls', of.tls)}}`
  )
}

function rate({ start, intervalMs, bytes }: RateReport): string {
  return `{"start":"${start}","intervalMs":${intervalMs},"bytes":[${bytes.join(',')}]}`
}

function transferred(of: TransferReport): string {
  return (
    `{"frame":${of.frame},"start":"${of.start}","end":"${of.end}","command":${text(of.command)}` +
    `,"path":${text(of.path)}${rare('absolutePath', of.absolutePath)},"direction":"${of.direction}"` +
    `,"representation":"${of.representation}","restartAt":${of.restartAt},"bytes":${of.bytes}` +
    `${rare('decrypted', of.decrypted)},"expectedBytes":${of.expectedBytes},"durationMs":${of.durationMs}` +
    `,"firstByteMs":${of.firstByteMs},"bytesPerSecond":${of.bytesPerSecond},"outcome":"${of.outcome}"` +
    `,"reply":${of.reply && `{"code":${of.reply.code},"text":${text(of.reply.text)}}`}}`
  )
}

function finding(of: FindingReport): string {
  return (
    `{"id":"${of.id}","facts":${safeJson(of.facts)},"severity":"${of.severity}","confidence":"${of.confidence}"` +
    `,"title":${text(of.title)},"message":${text(of.message)},"side":"${of.side}"` +
    `,"evidence":[${list(of.evidence, evidence)}],"remedy":[${list(of.remedy, text)}]${rare('commands', of.commands)}` +
    `,"references":[${list(of.references, text)}],"rivals":[${list(of.rivals, text)}],"dataChannel":${of.dataChannel}}`
  )
}

function evidence({ frame, note, file, localFrame }: EvidenceReport): string {
  return `{"frame":${frame},"note":${text(note)}${rare('file', file)}${rare('localFrame', localFrame)}}`
}

function verdict({ outcome, cause, why, confidence, sentence, settledBy, ticket }: VerdictReport): string {
  return (
    `{"outcome":"${outcome}","cause":${text(cause)},"why":${text(why)},"confidence":"${confidence}"` +
    `,"sentence":${text(sentence)},"settledBy":${text(settledBy)},"ticket":${text(ticket)}}`
  )
}

/** Members that most sessions lack. */
function rare(name: string, value: unknown): string {
  return value === undefined ? '' : `,"${name}":${safeJson(value)}`
}

/** Without the brackets around it, which cost nothing inside a longer text. */
function list<Item>(items: readonly Item[], json: (item: Item) => string | null): string | null {
  if (items.length === 0) return ''
  let all = json(items[0]!)
  for (let at = 1; at < items.length; at++) all = `${all},${json(items[at]!)}`
  return all
}

function text(value: string | null): string | null {
  return value === null ? null : PLAIN.test(value) ? `"${value}"` : safeJson(value)
}

/** What JSON has between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/
