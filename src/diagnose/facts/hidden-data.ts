/** What data connections carried whose commands TLS hides. Nothing is decrypted: records and closings show it. */
import { payloadOf, type PayloadUnderTls } from '../../correlate/hidden-payload.js'
import type { DataChannel, Session } from '../../correlate/model.js'
import type { Connection } from '../../tcp/connection.js'
import { isEstablished } from './passive.js'

/** Data connections under TLS without a readable command; bytes as on the wire, TLS records included. */
export interface HiddenTransfers {
  /** Data connections that were established. */
  opened: number
  /** Of those: more than a TLS handshake was sent. */
  carriedData: number
  bytesFromClient: number
  bytesFromServer: number
}

/** What one of them carried, and who sent it. */
export interface HiddenPayload extends PayloadUnderTls {
  channel: DataChannel
  connection: Connection
}

export function* hiddenPayloads({ channels }: Session): Generator<HiddenPayload> {
  for (const channel of channels) {
    const { connection, transfer, announcement } = channel
    if (connection && !transfer && !announcement && isEstablished(channel)) yield hiddenPayload(channel, connection)
  }
}

export function countHidden(payloads: readonly HiddenPayload[]): HiddenTransfers {
  const count = { opened: payloads.length, carriedData: 0, bytesFromClient: 0, bytesFromServer: 0 }
  for (const { bytes, sender } of payloads) {
    if (bytes === 0) continue
    count.carriedData++
    if (sender === 'client') count.bytesFromClient += bytes
    else count.bytesFromServer += bytes
  }
  return count
}

export function addHidden(one: HiddenTransfers, other: HiddenTransfers | undefined): HiddenTransfers {
  if (!other) return { ...one }
  return {
    opened: one.opened + other.opened,
    carriedData: one.carriedData + other.carriedData,
    bytesFromClient: one.bytesFromClient + other.bytesFromClient,
    bytesFromServer: one.bytesFromServer + other.bytesFromServer,
  }
}

function hiddenPayload(channel: DataChannel, connection: Connection): HiddenPayload {
  const payload = payloadOf(connection, channel.mode, channel.head)
  return { channel, connection, ...payload }
}
