import { endpointText } from '../../diagnose/words/evidence.js'
import type { Analysis, CaptureFileReport, SessionReport } from '../contract.js'
import { linkTypeName } from '../../wire/link-types.js'
import { bytes, count, duration, plural } from '../text/units.js'
import { tlsLines, type TlsSubject } from '../text/tls-words.js'
import { captureWords, vantageWords } from '../text/vantage.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TimeZone } from '../time-zone.js'
import { code, inline, markdownTable } from './escape.js'
import { frameCell } from './frame-cell.js'

const SECURITY = {
  none: 'none',
  'explicit-tls': 'explicit TLS (AUTH)',
  'implicit-tls': 'implicit TLS',
  gssapi: 'GSSAPI',
} as const

const LABELS: Readonly<Record<TlsSubject, string>> = {
  control: 'TLS',
  data: 'TLS of data connections',
  'server-certificate': 'Server certificate',
  'client-certificate': 'Client certificate',
}

/** The hosts, their software, and the control connection. */
export function sessionEnvironment(session: SessionReport, frames: FileFrames, zone: TimeZone): string[] {
  const { client, server, control, user, login, security } = session
  const place = vantageWords(session.vantage.at)
  const rtt = control.rttMs === null ? '' : `, round-trip time ${duration(control.rttMs)}`
  return markdownTable(
    ['Environment', ''],
    [
      ['Client', withSoftware(endpointText(client.address, client.port), session.clientSoftware)],
      ['Server', withSoftware(endpointText(server.address, server.port), session.serverSoftware)],
      ['User', user === null ? 'none' : `${code(user)}, login ${login}`],
      ['Encryption', SECURITY[security]],
      ['Control connection', `${control.state}, closed by: ${control.closedBy}${rtt}`],
      ...tlsLines(session).map(([subject, text]) => [LABELS[subject], inline(text)]),
      ...(session.latency ? [['Latency', inline(session.latency.sentence)]] : []),
      ...(place === null ? [] : [['Observation point', `${place} (${inline(session.vantage.reasons.join('; '))})`]]),
      ['Time', `${zone.show(session.start)}, ${duration(session.durationMs)}`],
      [
        'Frames',
        `${frameCell(session.firstFrame, frames)} to ${frameCell(session.lastFrame, frames)}, ${streamWords(session)}`,
      ],
    ],
  )
}

/** The control connection's number; in its own file, where that is another one. */
function streamWords({ tcpStream, origin }: SessionReport): string {
  if (!origin || origin.tcpStream === null) return `tcp.stream ${tcpStream}`
  return `tcp.stream ${origin.tcpStream} of ${code(origin.file)} (${tcpStream} of the input)`
}

function withSoftware(address: string, software: string | null): string {
  return software === null ? code(address) : `${code(address)}, ${code(software)}`
}

/** Files that are listed one by one. */
const LISTED_FILES = 12

/** What was captured, where, and by which program it was analyzed. */
export function captureEnvironment(analysis: Analysis, zone: TimeZone): string[] {
  const { capture, tool } = analysis
  const rows = capture.files.slice(0, LISTED_FILES).map((file) => [code(file.path), fileFacts(file, zone)])
  const more = capture.files.length - LISTED_FILES
  if (more > 0) rows.push(['', `and ${plural(more, 'more file')}`])
  const where = captureWords(analysis)
  if (where !== null) rows.push(['Observation point', where])
  rows.push(['Analyzed by', `${tool.name} ${tool.version}`])
  return markdownTable(['Capture', ''], rows)
}

function fileFacts(file: CaptureFileReport, zone: TimeZone): string {
  const facts = [
    file.format + (file.compression === null ? '' : ` in ${file.compression}`),
    plural(file.frames, 'frame'),
    bytes(file.bytes),
    file.linkTypes.map((type) => linkTypeName(type)).join(', '),
    file.snapLength === null || file.snapLength === 0 ? '' : `at most ${count(file.snapLength)} bytes per frame`,
    file.start === null ? '' : `from ${zone.show(file.start)}`,
    file.complete ? '' : 'incomplete',
  ]
  return facts.filter((fact) => fact !== '').join(', ')
}
