import type { Analysis, FindingReport, SessionReport } from '../contract.js'
import { type Column, column, timeColumn } from './column.js'

interface FindingRow {
  /** `null` for a finding of the capture as a whole. */
  session: SessionReport | null
  finding: FindingReport
}

export function findingRows(session: SessionReport): FindingRow[] {
  return session.findings.map((finding) => ({ session, finding }))
}

export function captureFindingRows({ findings }: Analysis): FindingRow[] {
  return findings.map((finding) => ({ session: null, finding }))
}

/** `--rows findings` */
export const FINDING_COLUMNS: readonly Column<FindingRow>[] = [
  column('session', 'number of the session; empty for the capture as a whole', ({ session }) => session?.id ?? null),
  column('data_channel', 'number of the data channel; empty for the session', ({ finding }) => finding.dataChannel),
  column('finding', 'its id', ({ finding }) => finding.id),
  column('severity', '`error`, `warning` or `info`', ({ finding }) => finding.severity),
  column('confidence', '`high`, `medium` or `low`', ({ finding }) => finding.confidence),
  column(
    'is_cause',
    'true if it explains the outcome',
    ({ session, finding }) => session?.verdict.cause === finding.id,
  ),
  column('side', 'side responsible for the fix', ({ finding }) => finding.side),
  column('title', 'short title', ({ finding }) => finding.title),
  column('message', 'what happened', ({ finding }) => finding.message),
  column('frames', 'frames that are the evidence, separated by spaces', ({ finding }) =>
    finding.evidence.map(({ frame }) => frame).join(' '),
  ),
  column('remedy', 'what to change', ({ finding }) => finding.remedy.join('; ')),
  column('references', 'RFC sections and other sources', ({ finding }) => finding.references.join('; ')),
  column('rivals', 'other findings that the same packets could indicate', ({ finding }) => finding.rivals.join(' ')),
  column('client_address', 'IP address', ({ session }) => session?.client.address ?? null),
  column('server_address', 'IP address', ({ session }) => session?.server.address ?? null),
  column('frames_in_files', 'these frames by file and number there; empty if the input is one file', ({ finding }) =>
    finding.evidence
      .flatMap(({ file, localFrame }) => (file === undefined ? [] : `${file} #${localFrame ?? '?'}`))
      .join('; '),
  ),
  timeColumn(
    'session_start',
    'start of the session, UTC or in the zone of `--tz`',
    ({ session }) => session?.start ?? null,
  ),
  column(
    'file',
    'file in which the session begins; empty if the input is one file',
    ({ session }) => session?.origin?.file ?? null,
  ),
  column(
    'file_tcp_stream',
    '`tcp.stream` of the connection concerned, in its own file alone',
    ({ session, finding }) => {
      const channel = session?.dataChannels.find(({ id }) => id === finding.dataChannel)
      return (channel?.connection?.origin ?? session?.origin)?.tcpStream ?? null
    },
  ),
]
