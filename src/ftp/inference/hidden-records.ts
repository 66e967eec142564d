import { contentLength } from '../../tls/content-length.js'
import { ALERT_LENGTH, HANDSHAKE_HEADER, TlsVersion } from '../../tls/record-layer.js'
import { type ControlTls, FROM_CLIENT } from '../model.js'
import type { HiddenRecord } from './model.js'

/** Finished has a hash of SHA-256 or SHA-384 (RFC 8446 §4.4.4). */
const FINISHED: ReadonlySet<number> = new Set([HANDSHAKE_HEADER + 32, HANDSHAKE_HEADER + 48])

/** The records that carry commands and replies, with their lengths; none where these cannot be known. */
export function hiddenRecords({ protection, records, recordsEnd }: ControlTls): HiddenRecord[] {
  if (!protection) return []
  const tls13 = protection.version >= TlsVersion.Tls13
  const hidden: HiddenRecord[] = []
  // In TLS 1.3 the handshake is under the same type: it ends with the client's Finished.
  let shaking = tls13
  for (const { frame, time, direction, length } of records.slice(0, recordsEnd ?? records.length)) {
    const content = contentLength(protection, length)
    if (!content) return []
    if (shaking) {
      if (direction === FROM_CLIENT && FINISHED.has(content.most)) shaking = false
    } else if (content.most > 0 && !(tls13 && content.most === ALERT_LENGTH))
      hidden.push({ frame, time, direction, ...content })
  }
  return hidden
}
