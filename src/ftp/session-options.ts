import type { AnomalyLog } from '../bytes/anomaly.js'
import type { FtpLimits } from './limits.js'
import type { Announcement, PlaceInSegment } from './model.js'
import type { MakeDecryptor } from './tls/decryption.js'

export interface ControlSessionOptions {
  /** The server's port, for anomaly messages. */
  port: number
  /** On this port TLS begins at once (990). */
  implicitTls: boolean
  /** The connection began before the capture: commands and replies of the login may be missing. */
  midstream?: boolean
  anomalies: AnomalyLog
  /** With what TLS is decrypted; without it, TLS hides what it carries. */
  decryptor?: MakeDecryptor
  /** Called as soon as an announcement names a port; `place` is `null` for a line at the start of its segment. */
  onAnnouncement?: (announcement: Announcement, place: PlaceInSegment | null) => void
  limits?: Partial<FtpLimits>
}
