import type { ConnectionReport, DataChannelReport, SessionReport, TransferReport } from '../contract.js'
import { type Cell, type Column, column, timeColumn } from './column.js'

interface TransferRow {
  session: SessionReport
  channel: DataChannelReport
}

/** A row per data channel: a transfer, or an announcement that led to none. */
export function transferRows(session: SessionReport): TransferRow[] {
  return session.dataChannels.map((channel) => ({ session, channel }))
}

const ofTransfer = (name: string, about: string, value: (transfer: TransferReport) => Cell): Column<TransferRow> =>
  column(name, about, ({ channel }) => (channel.transfer ? value(channel.transfer) : null))

const ofConnection = (
  name: string,
  about: string,
  value: (connection: ConnectionReport) => Cell,
): Column<TransferRow> => column(name, about, ({ channel }) => (channel.connection ? value(channel.connection) : null))

/** `--rows transfers` */
export const TRANSFER_COLUMNS: readonly Column<TransferRow>[] = [
  column('session', 'number of the session', ({ session }) => session.id),
  column('data_channel', 'number of the data channel within the session', ({ channel }) => channel.id),
  column('client_address', 'IP address', ({ session }) => session.client.address),
  column('server_address', 'IP address', ({ session }) => session.server.address),
  column('user', 'name of the last USER', ({ session }) => session.user),
  ofTransfer('command', 'RETR, STOR, LIST …', ({ command }) => command),
  ofTransfer('path', 'as the client named it', ({ path }) => path),
  ofTransfer('direction', '`download`, `upload` or `listing`', ({ direction }) => direction),
  ofTransfer('outcome', '`completed`, `incomplete`, `aborted`, `refused`, `failed` or `unknown`', (t) => t.outcome),
  ofTransfer('representation', '`ascii`, `image` …', ({ representation }) => representation),
  ofTransfer('restart_at', 'offset of REST', ({ restartAt }) => restartAt),
  ofTransfer('bytes', 'payload bytes transferred', ({ bytes }) => bytes),
  ofTransfer('expected_bytes', 'size stated in the dialogue', ({ expectedBytes }) => expectedBytes),
  ofTransfer('duration_ms', 'first to last byte', ({ durationMs }) => durationMs),
  ofTransfer('first_byte_ms', 'from the command to the first byte', ({ firstByteMs }) => firstByteMs),
  ofTransfer('bytes_per_second', 'over that time', ({ bytesPerSecond }) => bytesPerSecond),
  ofTransfer('reply_code', 'final reply', ({ reply }) => reply?.code ?? null),
  ofTransfer('reply_text', 'final reply', ({ reply }) => reply?.text ?? null),
  column('mode', '`active` or `passive`', ({ channel }) => channel.mode),
  column('verb', 'PORT, EPRT, PASV, EPSV …', ({ channel }) => channel.verb),
  column('announcement_frame', 'where the address was announced', ({ channel }) => channel.announcement?.frame ?? null),
  column('announced_address', 'as announced', ({ channel }) => channel.announcement?.address ?? null),
  column('announced_port', 'as announced', ({ channel }) => channel.announcement?.port ?? null),
  column('from_address', 'side that opens the connection', ({ channel }) => channel.from.address),
  column('from_port', 'TCP port', ({ channel }) => channel.from.port),
  column('to_address', 'side that listens', ({ channel }) => channel.to.address),
  column('to_port', 'TCP port', ({ channel }) => channel.to.port),
  column('state', 'final state of the data connection', ({ channel }) => channel.state),
  column('match', 'how it matches the announcement', ({ channel }) => channel.match),
  ofConnection('tcp_stream', "Wireshark's `tcp.stream`", ({ tcpStream }) => tcpStream),
  ofConnection('community_id', 'of the data connection', ({ communityId }) => communityId),
  ofConnection('syn_frame', 'its first SYN', ({ synFrame }) => synFrame),
  ofConnection('last_frame', 'its last packet', ({ lastFrame }) => lastFrame),
  ofConnection('attempts', 'number of SYNs', ({ attempts }) => attempts),
  ofConnection('rtt_ms', 'round-trip time of the handshake', ({ rttMs }) => rttMs),
  ofConnection('retransmissions', 'retransmitted segments', ({ retransmissions }) => retransmissions),
  ofConnection('missing_bytes', 'bytes missing from the capture', ({ missingBytes }) => missingBytes),
  ofConnection('closed_by', 'which side closed it, and how', ({ closedBy }) => closedBy),
  timeColumn(
    'start',
    'time of the command, UTC or in the zone of `--tz`',
    ({ channel }) => channel.transfer?.start ?? null,
  ),
  timeColumn(
    'end',
    'time of the final reply or the last packet, likewise',
    ({ channel }) => channel.transfer?.end ?? null,
  ),
  ofTransfer('absolute_path', 'with the working directory, where that is known', (t) => t.absolutePath ?? null),
  ofTransfer('command_frame', 'frame of the command', ({ frame }) => frame),
  ofConnection(
    'file',
    'file in which its connection begins; empty if the input is one file',
    (c) => c.origin?.file ?? null,
  ),
  ofConnection('file_syn_frame', 'its first frame in that file', ({ origin }) => origin?.firstFrame ?? null),
  ofConnection('file_tcp_stream', '`tcp.stream` in that file alone', ({ origin }) => origin?.tcpStream ?? null),
]
