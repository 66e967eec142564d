import { causeOf } from '../cause.js'
import type { FindingReport, SessionReport, TransferCount } from '../contract.js'
import { type Column, column } from './column.js'

const having = ({ findings }: SessionReport, severity: FindingReport['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length

/** Of the data connections under TLS; empty where all commands can be read. */
const hidden = (name: string, about: string, key: keyof NonNullable<TransferCount['hidden']>): Column<SessionReport> =>
  column(name, about, ({ transfers }) => transfers.hidden?.[key] ?? null)

/** `--rows sessions` */
export const SESSION_COLUMNS: readonly Column<SessionReport>[] = [
  column('session', 'number of the session', ({ id }) => id),
  column('outcome', '`ok`, `degraded`, `failed` or `undetermined`', ({ verdict }) => verdict.outcome),
  column('cause', 'finding that explains the outcome', ({ verdict }) => verdict.cause),
  column('cause_title', 'its title', (session) => causeOf(session)?.title ?? null),
  column('why', 'the cause in a few words', ({ verdict }) => verdict.why),
  column('confidence', '`high`, `medium` or `low`', ({ verdict }) => verdict.confidence),
  column('side', 'side responsible for the fix', (session) => causeOf(session)?.side ?? null),
  column('sentence', 'what happened', ({ verdict }) => verdict.sentence),
  column('remedy', 'what to change', (session) => causeOf(session)?.remedy.join('; ') ?? null),
  column('settled_by', 'additional capture that would confirm the verdict', ({ verdict }) => verdict.settledBy),
  column('client_address', 'IP address', ({ client }) => client.address),
  column('client_port', 'TCP port', ({ client }) => client.port),
  column('server_address', 'IP address', ({ server }) => server.address),
  column('server_port', 'TCP port', ({ server }) => server.port),
  column('user', 'name of the last USER', ({ user }) => user),
  column('login', '`accepted`, `rejected`, `none` or `unknown`', ({ login }) => login),
  column('security', '`none`, `explicit-tls`, `implicit-tls` or `gssapi` (RFC 2228)', ({ security }) => security),
  column('server_software', 'if it identified itself', ({ serverSoftware }) => serverSoftware),
  column('client_software', 'if it identified itself', ({ clientSoftware }) => clientSoftware),
  column('start', 'time of the first frame, UTC', ({ start }) => start),
  column('end', 'time of the last frame, UTC', ({ end }) => end),
  column('duration_ms', 'from start to end', ({ durationMs }) => durationMs),
  column('control_state', 'final state of the control connection', ({ control }) => control.state),
  column('control_closed_by', 'which side closed it, and how', ({ control }) => control.closedBy),
  column('control_rtt_ms', 'round-trip time of its handshake', ({ control }) => control.rttMs),
  column('control_retransmissions', 'retransmitted segments', ({ control }) => control.retransmissions),
  column('transfers_attempted', 'transfers requested by the user', ({ transfers }) => transfers.attempted),
  column('transfers_completed', 'of the attempted transfers', ({ transfers }) => transfers.completed),
  column('transfers_failed', 'of the attempted transfers', ({ transfers }) => transfers.failed),
  hidden('tls_data_opened', 'data connections whose commands TLS hides', 'opened'),
  hidden('tls_data_carried', 'of these, the ones that carried data', 'carriedData'),
  hidden('tls_bytes_from_client', 'bytes on these, TLS records included', 'bytesFromClient'),
  hidden('tls_bytes_from_server', 'bytes on these, TLS records included', 'bytesFromServer'),
  column('errors', 'number of findings of this severity', (session) => having(session, 'error')),
  column('warnings', 'number of findings of this severity', (session) => having(session, 'warning')),
  column('infos', 'number of findings of this severity', (session) => having(session, 'info')),
  column('vantage', 'observation point', ({ vantage }) => vantage.at),
  column('latency_median_ms', 'from a command to its first reply', ({ latency }) => latency?.medianMs ?? null),
  column('latency_max_ms', 'of the slowest reply', ({ latency }) => latency?.maxMs ?? null),
  column('first_frame', "Wireshark's `frame.number`", ({ firstFrame }) => firstFrame),
  column('last_frame', "Wireshark's `frame.number`", ({ lastFrame }) => lastFrame),
  column('tcp_stream', "Wireshark's `tcp.stream` of the control connection", ({ tcpStream }) => tcpStream),
  column('community_id', 'of the control connection', ({ communityId }) => communityId),
]
