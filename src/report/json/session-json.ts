import type {
  ConnectionReport,
  DataChannelReport,
  EndpointReport,
  ExchangeReport,
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
    `,"retransmissions":${control.retransmissions},"packets":${list(control.packets, packet)}` +
    `${rare('tls', control.tls)}}` +
    `,"vantage":{"at":"${vantage.at}","confidence":"${vantage.confidence}","reasons":${list(vantage.reasons, text)}}` +
    `,"serverSoftware":${text(of.serverSoftware)},"clientSoftware":${text(of.clientSoftware)}` +
    `,"user":${text(of.user)},"login":"${of.login}","security":"${of.security}","decrypted":${of.decrypted}` +
    `,"exchanges":${list(of.exchanges, exchange)}${rare('inferredExchanges', inferredExchanges)}` +
    `,"otherProtocol":${text(of.otherProtocol)},"middlebox":${text(of.middlebox)}` +
    `,"latency":${of.latency ? latency(of.latency) : null},"dataChannels":${list(of.dataChannels, channel)}` +
    `,"findings":${of.findings.length === 0 ? '[]' : safeJson(of.findings)},"verdict":${verdict(of.verdict)}` +
    `,"transfers":${safeJson(transfers)}${rare('path', path)}${rare('origin', origin)}}`
  )
}

function endpoint({ address, port, name }: EndpointReport): string {
  return `{"address":${text(address)},"port":${port}${rare('name', name)}}`
}

function packet({ frame, time, from, kind, note, lost, forged, icmp }: PacketReport): string {
  const all = `{"frame":${frame},"time":"${time}","from":"${from}","kind":"${kind}","note":${text(note)},"lost":${lost}`
  return `${all}${rare('forged', forged)}${rare('icmp', icmp)}}`
}

function exchange(of: ExchangeReport): string {
  return (
    `{"frame":${of.frame},"time":"${of.time}","command":${text(of.command)},"argument":${text(of.argument)}` +
    `${rare('cut', of.cut)}${rare('encrypted', of.encrypted)}` +
    `,"replies":${list(of.replies, reply)},"latencyMs":${of.latencyMs}}`
  )
}

function reply({ frame, time, code, text: words, cut }: ReplyReport): string {
  return `{"frame":${frame},"time":"${time}","code":${code},"text":${text(words)}${rare('cut', cut)}}`
}

function latency({ commands, medianMs, maxMs, greetingMs, slowest, sentence }: LatencyReport): string {
  const times = `{"commands":${commands},"medianMs":${medianMs},"maxMs":${maxMs},"greetingMs":${greetingMs}`
  return `${times},"slowest":${list(slowest, slow)},"sentence":${text(sentence)}}`
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
    `,"packets":${list(of.packets, packet)},"rate":${of.rate && rate(of.rate)}` +
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

function list<Item>(items: readonly Item[], json: (item: Item) => string | null): string {
  let all = ''
  for (const item of items) all += `${all === '' ? '' : ','}${json(item)}`
  return `[${all}]`
}

function text(value: string | null): string | null {
  return value === null ? null : PLAIN.test(value) ? `"${value}"` : safeJson(value)
}

/** What JSON has between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/
