import { AnomalyLog } from '../../src/bytes/anomaly.js'
import type { DataChannel, Session, Transfer } from '../../src/correlate/model.js'
import { ObservationPoint } from '../../src/correlate/observation-point.js'
import type { SessionTrackerOptions } from '../../src/correlate/session-tracker.js'
import { PacketDecoder } from '../../src/wire/decode.js'
import { framesOf } from '../support/pcap-walk.js'
import type { Scene } from '../support/scene.js'

export interface Followed {
  /** In the order in which they were handed out. */
  sessions: Session[]
  /** For each of them, the frame being read then; 0 for those handed out at the end of the input. */
  handedOutAt: number[]
  anomalies: AnomalyLog
}

const OPTIONS: SessionTrackerOptions = {
  controlPorts: new Set([21, 990]),
  implicitTlsPorts: new Set([990]),
  hosts: new Set(),
  maxSessions: 1000,
}

/** The stages up to correlate on a capture. */
export function follow(capture: Uint8Array, options: Partial<SessionTrackerOptions> = {}): Followed {
  const anomalies = new AnomalyLog()
  const followed: Followed = { sessions: [], handedOutAt: [], anomalies }
  const sessions = { ...OPTIONS, ...options }
  let reading = 0
  const point = new ObservationPoint(
    {
      sessions,
      connections: {
        maxConnections: 100_000,
        responderPorts: sessions.controlPorts,
        initiatorPorts: new Set([20]),
      },
    },
    anomalies,
    (session) => {
      followed.sessions.push(session)
      followed.handedOutAt.push(reading)
    },
    null,
  )
  const decoder = new PacketDecoder(anomalies)
  for (const frame of framesOf(capture)) {
    reading = frame.number
    point.packet(decoder.decode(frame), decoder.packet)
  }
  reading = 0
  point.end()
  return followed
}

/** The sessions of a scene by their first frames. */
export function sessionsOf(scene: Scene, options: Partial<SessionTrackerOptions> = {}): Session[] {
  return follow(scene.toPcap(), options).sessions.sort((a, b) => a.control.first.frame - b.control.first.frame)
}

/** The data channels of a scene's only session. */
export function channelsOf(scene: Scene): DataChannel[] {
  const sessions = sessionsOf(scene)
  if (sessions.length !== 1) throw new Error(`${sessions.length} sessions`)
  return sessions[0]!.channels
}

/** The only data channel of a scene's only session. */
export function channelOf(scene: Scene): DataChannel {
  const channels = channelsOf(scene)
  if (channels.length !== 1) throw new Error(`${channels.length} data channels`)
  return channels[0]!
}

export function transferOf(scene: Scene): Transfer {
  return channelOf(scene).transfer!
}
