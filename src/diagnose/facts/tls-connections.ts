/** The TLS connections of a session, with the certificates that were sent on them. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { FROM_CLIENT } from '../../ftp/model.js'
import type { Connection, Direction } from '../../tcp/connection.js'
import type { Certificate } from '../../tls/certificates/certificate.js'
import { CertificateCache } from '../../tls/certificates/certificate-cache.js'
import type { TlsFacts } from '../../tls/tls-facts.js'
import { type Role, roleOf } from './payload.js'

export interface TlsConnection {
  /** `null` for the control connection. */
  channel: DataChannel | null
  connection: Connection
  tls: Readonly<TlsFacts>
  /** As sent, the own certificate first; empty where none could be read, as in TLS 1.3 without keys. */
  server: readonly Certificate[]
  client: readonly Certificate[]
}

/** Of all sessions: a server sends the same in each, and on each data connection. */
const certificates = new CertificateCache()

export function tlsConnectionsOf(session: Session): TlsConnection[] {
  const { control, tls, channels } = session
  const connections: TlsConnection[] = []
  const add = (channel: DataChannel | null, connection: Connection, facts: Readonly<TlsFacts>) => {
    const chain = (sent: readonly Uint8Array[]) =>
      sent.map((der) => certificates.read(der)).filter((certificate) => certificate !== null)
    const [server, client] = [chain(facts.certificates), chain(facts.clientCertificates)]
    connections.push({ channel, connection, tls: facts, server, client })
  }
  if (tls) add(null, control, tls)
  for (const channel of channels) if (channel.tls && channel.connection) add(channel, channel.connection, channel.tls)
  return connections
}

/** Who sends in a direction of a TLS connection, in terms of FTP. */
export function senderOn({ channel }: TlsConnection, direction: Direction): Role {
  if (channel) return roleOf(channel, direction)
  return direction === FROM_CLIENT ? 'client' : 'server'
}
