import { readFileSync } from 'node:fs'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import { Attention } from '../../src/tcp/attention.js'
import { ConnectionRegistry } from '../../src/tcp/connection-registry.js'
import { ConnectionTracker } from '../../src/tcp/connection-tracker.js'
import { tlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { PacketKind } from '../../src/wire/packet.js'
import { TlsNotes } from './tls-transcript.js'

export interface CapturedTls {
  notes: TlsNotes
  decoder: TlsDecoder
}

const HANDSHAKE = 22
const TLS_KEY_LOG = 0x544c534b

/** Decrypts all TLS of a capture's connections with the secrets in it: from the first record on, until the end. */
export function decryptCapture(path: string): CapturedTls[] {
  const anomalies = new AnomalyLog()
  const context = tlsContext()
  const found: CapturedTls[] = []
  const tracker = new ConnectionTracker(
    new ConnectionRegistry(64, anomalies),
    {
      opened: () => Attention.Read,
      recognise: () => Attention.Ignored,
      followed() {
        const notes = new TlsNotes()
        const decoder = new TlsDecoder(context, notes)
        const begun = [false, false]
        found.push({ notes, decoder })
        return {
          data(direction, { bytes, start, end, frame, time }) {
            begun[direction] ||= bytes[start] === HANDSHAKE
            if (begun[direction]) decoder.data(direction, bytes, start, end, frame, time)
          },
          gap(direction, length) {
            decoder.gap(direction, length)
          },
        }
      },
      closed: () => undefined,
      finished: () => undefined,
    },
    anomalies,
    { responderPorts: new Set([21, 990]), initiatorPorts: new Set([20]) },
  )
  const packets = new PacketDecoder(anomalies)
  const reader = new CaptureReader(
    {
      frame(frame) {
        if (packets.decode(frame) === PacketKind.Tcp) tracker.segment(packets.packet)
      },
      secrets({ type, bytes }) {
        if (type === TLS_KEY_LOG) context.secrets.addKeyLog(bytes)
      },
    },
    anomalies,
  )
  reader.openFile(path, null)
  reader.push(new Uint8Array(readFileSync(path)))
  reader.closeFile()
  tracker.end()
  for (const { decoder } of found) decoder.end()
  return found
}
