import { endpointText } from '../../diagnose/words/evidence.js'
import type { EndpointReport, SessionReport } from '../contract.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TimeZone } from '../time-zone.js'
import type { LabelledLines } from './labelled.js'
import { tlsLines, type TlsSubject } from './tls-words.js'
import { hiddenText } from './transfer-count.js'
import { bytes, duration, plural } from './units.js'
import { vantageWords } from './vantage.js'

const SECURITY = {
  none: null,
  'explicit-tls': 'explicit TLS',
  'implicit-tls': 'implicit TLS',
  gssapi: 'GSSAPI',
} as const

/** Client, server and user, in one line. */
export function addParties(body: LabelledLines, session: SessionReport): void {
  const { client, server, user, serverSoftware, security, decrypted, transfers } = session
  const { attempted, completed, hidden } = transfers
  const facts = [
    `${withName(client)} → ${withName(server)}`,
    user === null ? null : `user ${user}`,
    serverSoftware,
    SECURITY[security],
    decrypted ? 'decrypted' : null,
    attempted === 0 ? null : `transfers: ${completed} of ${attempted}`,
    hidden ? hiddenText(hidden) : null,
  ]
  body.add('session', facts.filter((fact) => fact !== null).join(', '))
}

/** `203.0.113.20:21 (ftp.example)` */
function withName({ address, port, name }: EndpointReport): string {
  return endpointText(address, port) + (name === undefined ? '' : ` (${name})`)
}

/** Labels of lines on TLS, and what precedes their text. */
const TLS: Readonly<Record<TlsSubject, readonly [string, string]>> = {
  control: ['tls', ''],
  data: ['tls', 'data connections: '],
  'server-certificate': ['cert', ''],
  'client-certificate': ['cert', 'of the client: '],
}

/** When it began, how long it took, and its frames. */
export function addTime(body: LabelledLines, session: SessionReport, frames: FileFrames, zone: TimeZone): void {
  const { start, durationMs, firstFrame, lastFrame } = session
  const named = (frame: number): string => (frames.isSeveral ? frames.name(frame) : String(frame))
  const span = `frames ${named(firstFrame)} to ${named(lastFrame)}`
  body.add('time', `${zone.show(start)}, for ${duration(durationMs)}, ${span}`)
}

/** Everything that is known of a session as a whole, for one that was requested by id. */
export function addFacts(body: LabelledLines, session: SessionReport, frames: FileFrames): void {
  const { control, vantage } = session
  if (session.clientSoftware !== null) body.add('client', session.clientSoftware)
  body.add('login', session.login)
  const rtt = control.rttMs === null ? '' : `, round-trip time ${duration(control.rttMs)}`
  const again = control.retransmissions === 0 ? '' : `, ${plural(control.retransmissions, 'segment')} retransmitted`
  body.add('control', `${control.state}, closed by: ${control.closedBy}${rtt}${again}`)
  for (const [subject, text] of tlsLines(session)) {
    const [label, before] = TLS[subject]
    body.add(label, before + text)
  }
  if (session.latency) body.add('latency', session.latency.sentence)
  const where = vantageWords(vantage.at)
  if (where !== null) body.add('vantage', `${where} (${vantage.confidence}: ${vantage.reasons.join('; ')})`)
  const total = session.dataChannels.reduce((sum, { connection }) => sum + (connection?.bytes ?? 0), 0)
  if (session.dataChannels.length > 0)
    body.add('data', `${bytes(total)} on ${plural(session.dataChannels.length, 'data channel')}`)
  const { origin, tcpStream } = session
  const own = origin && origin.tcpStream !== null ? `${origin.tcpStream} of ${origin.file}, ` : ''
  const whole = own === '' || !frames.isSeveral ? `${tcpStream}` : `${own}${tcpStream} of the input`
  body.add('ids', `tcp.stream ${whole}, Community ID ${session.communityId}`)
}
