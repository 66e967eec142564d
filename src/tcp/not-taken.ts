import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Connection } from './connection.js'

/** What the hosts did not take. */
const WORDS = {
  'tcp-checksum': 'a segment has a wrong checksum, unlike the others of its sender: hosts drop it',
  'tcp-segment-not-taken': 'a segment unlike the others of its sender was not taken: others came in its place',
  'tcp-reset-not-taken': 'a RST was not taken: both hosts go on',
  'tcp-syn-not-taken':
    'a SYN inside the connection opened no new one: its sender goes on with the old sequence numbers',
  'tcp-fin-not-taken': 'a FIN was not taken: its sender goes on, and the other host acknowledges that',
  'tcp-syn-ack-not-taken': 'a second SYN,ACK with another sequence number was not taken',
} as const

/** Records a segment that the hosts did not take, so that nothing rests on it. */
export function recordNotTaken(
  anomalies: AnomalyLog,
  kind: keyof typeof WORDS,
  connection: Connection,
  frame: number,
): void {
  anomalies.record(kind, frame, () => `tcp: ${endsText(connection)}: ${WORDS[kind]}`)
}

export function endsText({ initiator, responder }: Connection): string {
  return `${initiator.address} port ${initiator.port} and ${responder.address} port ${responder.port}`
}
