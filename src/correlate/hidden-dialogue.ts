import { hiddenRecords } from '../ftp/inference/hidden-records.js'
import { inferDialogue } from '../ftp/inference/infer.js'
import type { DataOpening, Inference } from '../ftp/inference/model.js'
import type { Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import { TlsVersion } from '../tls/record-layer.js'
import { payloadOf } from './hidden-payload.js'
import type { DataChannel } from './model.js'

/** Reply to AUTH (RFC 2228 §5.1). */
const ACCEPTED = 234
/** Data connections that are told apart; later ones are of a dialogue that has told enough. */
const MOST_OPENINGS = 256

/** What the lengths of records under TLS say; `null` where they say nothing, or keys say more. */
export function inferHidden(
  control: Connection,
  dialogue: Dialogue,
  channels: readonly DataChannel[],
  elsewhere: readonly Connection[],
): Inference | null {
  const { tls, decryption, serverSoftware, exchanges } = dialogue
  if (!tls?.protection || decryption || control.midstream) return null
  const records = hiddenRecords(tls)
  return inferDialogue(records, {
    greeting: exchanges.length === 0,
    tickets: tls.protection.version >= TlsVersion.Tls13,
    software: serverSoftware,
    authReply:
      exchanges.find(({ command }) => command === 'AUTH')?.replies.find(({ code }) => code === ACCEPTED)?.text ?? null,
    clientAddress: control.initiator.address,
    serverAddress: control.responder.address,
    openings: openingsOf(channels, elsewhere),
    ending: { closed: control.closedBy !== null, clearText: dialogue.clearAgain },
  })
}

function openingsOf(channels: readonly DataChannel[], elsewhere: readonly Connection[]): DataOpening[] {
  const openings: DataOpening[] = []
  for (const { announcement, connection, mode, state, head } of channels) {
    if (announcement || !connection) continue
    const { bytes, sender } = payloadOf(connection, mode, head)
    const { frame, time } = connection.first
    openings.push({
      frame,
      time,
      mode,
      port: connection.responder.port,
      established: state === 'established',
      sender: bytes > 0 ? sender : null,
    })
    if (openings.length === MOST_OPENINGS) break
  }
  for (const { first, responder, established } of elsewhere)
    openings.push({
      ...first,
      mode: 'passive',
      port: responder.port,
      address: responder.address,
      established: established !== null,
      sender: null,
    })
  return openings.sort((a, b) => a.time - b.time || a.frame - b.frame)
}
