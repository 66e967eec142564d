import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { CaptureReader } from '../../src/capture/reader.js'
import type { Session } from '../../src/correlate/model.js'
import { ObservationPoint } from '../../src/correlate/observation-point.js'
import { observationOptions } from '../../src/options.js'
import { PacketDecoder } from '../../src/wire/decode.js'

/** The sessions of a capture file as passed to the rules. */
export function sessionsOf(path: string): Session[] {
  const sessions: Session[] = []
  const anomalies = new AnomalyLog()
  const decoder = new PacketDecoder(anomalies)
  const view = new ObservationPoint(observationOptions({}), anomalies, (session) => sessions.push(session), null)
  const reader = new CaptureReader(
    {
      frame: (frame) => {
        const kind = decoder.decode(frame)
        view.packet(kind, decoder.packet)
      },
    },
    anomalies,
  )
  const bytes = readFileSync(path)
  reader.openFile(path, null)
  reader.push(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  reader.closeFile()
  view.end()
  return sessions
}
