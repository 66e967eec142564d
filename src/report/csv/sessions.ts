import { causeOf } from '../cause.js'
import type { FindingReport, SessionPathReport, SessionReport, TransferCount } from '../contract.js'
import { type Cell, type Column, column, timeColumn } from './column.js'

export interface SessionRow {
  session: SessionReport
  /** `null` if one place saw it. */
  path: SessionPathReport | null
}

const ofSession = (name: string, about: string, value: (session: SessionReport) => Cell): Column<SessionRow> =>
  column(name, about, ({ session }) => value(session))

const ofPath = (name: string, about: string, value: (path: SessionPathReport) => Cell): Column<SessionRow> =>
  column(name, about, ({ path }) => (path ? value(path) : null))

const having = ({ findings }: SessionReport, severity: FindingReport['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length

/** Of the data connections under TLS; empty where all commands can be read. */
const hidden = (name: string, about: string, key: keyof NonNullable<TransferCount['hidden']>): Column<SessionRow> =>
  ofSession(name, about, ({ transfers }) => transfers.hidden?.[key] ?? null)

/** `--rows sessions` */
export const SESSION_COLUMNS: readonly Column<SessionRow>[] = [
  ofSession('session', 'number of the session', ({ id }) => id),
  ofSession('outcome', '`ok`, `degraded`, `failed` or `undetermined`', ({ verdict }) => verdict.outcome),
  ofSession('cause', 'finding that explains the outcome', ({ verdict }) => verdict.cause),
  ofSession('cause_title', 'its title', (session) => causeOf(session)?.title ?? null),
  ofSession('why', 'the cause in a few words', ({ verdict }) => verdict.why),
  ofSession('confidence', '`high`, `medium` or `low`', ({ verdict }) => verdict.confidence),
  ofSession('side', 'side responsible for the fix', (session) => causeOf(session)?.side ?? null),
  ofSession('sentence', 'what happened', ({ verdict }) => verdict.sentence),
  ofSession('remedy', 'what to change', (session) => causeOf(session)?.remedy.join('; ') ?? null),
  ofSession('settled_by', 'additional capture that would confirm the verdict', ({ verdict }) => verdict.settledBy),
  ofSession('client_address', 'IP address', ({ client }) => client.address),
  ofSession('client_port', 'TCP port', ({ client }) => client.port),
  ofSession('server_address', 'IP address', ({ server }) => server.address),
  ofSession('server_port', 'TCP port', ({ server }) => server.port),
  ofSession('user', 'name of the last USER', ({ user }) => user),
  ofSession('login', '`accepted`, `rejected`, `none` or `unknown`', ({ login }) => login),
  ofSession('security', '`none`, `explicit-tls`, `implicit-tls` or `gssapi` (RFC 2228)', ({ security }) => security),
  ofSession('server_software', 'if it identified itself', ({ serverSoftware }) => serverSoftware),
  ofSession('client_software', 'if it identified itself', ({ clientSoftware }) => clientSoftware),
  timeColumn('start', 'time of the first frame, UTC or in the zone of `--tz`', ({ session }) => session.start),
  timeColumn('end', 'time of the last frame, likewise', ({ session }) => session.end),
  ofSession('duration_ms', 'from start to end', ({ durationMs }) => durationMs),
  ofSession('control_state', 'final state of the control connection', ({ control }) => control.state),
  ofSession('control_closed_by', 'which side closed it, and how', ({ control }) => control.closedBy),
  ofSession('control_rtt_ms', 'round-trip time of its handshake', ({ control }) => control.rttMs),
  ofSession('control_retransmissions', 'retransmitted segments', ({ control }) => control.retransmissions),
  ofSession('transfers_attempted', 'transfers requested by the user', ({ transfers }) => transfers.attempted),
  ofSession('transfers_completed', 'of the attempted transfers', ({ transfers }) => transfers.completed),
  ofSession('transfers_failed', 'of the attempted transfers', ({ transfers }) => transfers.failed),
  hidden('tls_data_opened', 'data connections whose commands TLS hides', 'opened'),
  hidden('tls_data_carried', 'of these, the ones that carried data', 'carriedData'),
  hidden('tls_bytes_from_client', 'bytes on these, TLS records included', 'bytesFromClient'),
  hidden('tls_bytes_from_server', 'bytes on these, TLS records included', 'bytesFromServer'),
  ofSession('errors', 'number of findings of this severity', (session) => having(session, 'error')),
  ofSession('warnings', 'number of findings of this severity', (session) => having(session, 'warning')),
  ofSession('infos', 'number of findings of this severity', (session) => having(session, 'info')),
  ofSession('vantage', 'observation point', ({ vantage }) => vantage.at),
  ofSession('latency_median_ms', 'from a command to its first reply', ({ latency }) => latency?.medianMs ?? null),
  ofSession('latency_max_ms', 'of the slowest reply', ({ latency }) => latency?.maxMs ?? null),
  ofSession('first_frame', "Wireshark's `frame.number`", ({ firstFrame }) => firstFrame),
  ofSession('last_frame', "Wireshark's `frame.number`", ({ lastFrame }) => lastFrame),
  ofSession('tcp_stream', "Wireshark's `tcp.stream` of the control connection", ({ tcpStream }) => tcpStream),
  ofSession('community_id', 'of the control connection', ({ communityId }) => communityId),
  ofPath('path', 'number of the path, for a session that several places saw', ({ id }) => id),
  ofPath('path_sessions', 'numbers of the session at these places, separated by spaces', ({ sessions }) =>
    sessions.join(' '),
  ),
  ofPath('path_places', "their files, from the client's side to the server's", ({ places }) =>
    places.map(({ file }) => file).join('; '),
  ),
  ofPath('packets_lost', 'packets lost between the places', ({ counts }) => counts.lost),
  ofPath('packets_changed', 'packets changed between the places', ({ counts }) => counts.changed),
  ofPath('packets_injected', 'packets injected between the places', ({ counts }) => counts.injected),
  ofSession('file', 'file in which it begins; empty if the input is one file', ({ origin }) => origin?.file ?? null),
  ofSession('file_first_frame', 'its first frame in that file', ({ origin }) => origin?.firstFrame ?? null),
  ofSession('file_tcp_stream', '`tcp.stream` in that file alone', ({ origin }) => origin?.tcpStream ?? null),
  ofSession('client_name', 'as the capture or the configuration calls it', ({ client }) => client.name ?? null),
  ofSession('server_name', 'likewise', ({ server }) => server.name ?? null),
]
