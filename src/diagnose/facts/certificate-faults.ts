/** What is wrong with a certificate, and which fault the other end refused it for. */
import type { Epoch } from '../../capture/time.js'
import type { Session } from '../../correlate/model.js'
import type { Sighting } from '../../tcp/connection.js'
import type { Certificate } from '../../tls/certificates/certificate.js'
import { sameBytes } from '../../tls/crypto/crypto.js'
import { isFor } from '../../tls/certificates/host-names.js'
import type { Role } from './payload.js'
import type { SessionFacts } from './session-facts.js'
import type { TlsConnection } from './tls-connections.js'
import { dateOf } from './tls-story.js'

/** It was not valid when it was sent: `limit` is when it expired or becomes valid; milliseconds since 1970. */
export interface OutOfDate {
  kind: 'expired' | 'not-yet-valid'
  limit: number
  sent: number
}

/** It is not for the host that the client wanted, as far as the client said so. */
export interface OtherName {
  kind: 'other-name'
  /** From server_name of the ClientHello (RFC 6066 §3), or the command HOST (RFC 7151). */
  from: 'server-name' | 'host-command'
  wanted: string
  at: Sighting
}

/**
 * Where the certificates lead that were sent: it is self-signed; or its issuer was not sent; or others lead on, to an
 * authority that a client may or may not know.
 */
export interface ChainEnd {
  kind: 'self-signed' | 'issuer-not-sent' | 'unknown-authority'
  /** Name of the issuer of the last one. */
  authority: string
  /** A public authority issued it, and these issue through intermediates only. */
  publiclyIssued: boolean
}

export type CertificateFault = OutOfDate | OtherName | ChainEnd

export function sentAt({ tls }: TlsConnection, owner: Role): Sighting | null {
  return owner === 'server' ? tls.certificateAt : tls.clientCertificateAt
}

/** By the clock of the capture; `null` if it was valid, or if the date is not known. */
export function outOfDate(connection: TlsConnection, owner: Role, epoch: Epoch | null): OutOfDate | null {
  const own = connection[owner][0]
  const place = sentAt(connection, owner)
  const sent = place && dateOf(place, epoch)
  if (!own || sent === null) return null
  if (own.notAfter !== null && sent > own.notAfter) return { kind: 'expired', limit: own.notAfter, sent }
  if (own.notBefore !== null && sent < own.notBefore) return { kind: 'not-yet-valid', limit: own.notBefore, sent }
  return null
}

/** Of the server's certificate on the control connection; `null` if it fits, or if the client named no host. */
export function otherName({ server: [own] }: TlsConnection, session: Session): OtherName | null {
  if (!own) return null
  const wanted = wantedHost(session)
  return wanted && !isFor(own, wanted.wanted) ? { kind: 'other-name', ...wanted } : null
}

function wantedHost({ tls, dialogue }: Session): Omit<OtherName, 'kind'> | null {
  const { clientHello = null, clientHelloAt = null } = tls ?? {}
  if (clientHello?.serverName && clientHelloAt)
    return { from: 'server-name', wanted: clientHello.serverName, at: clientHelloAt }
  const host = dialogue.exchanges.find(
    ({ command, argument, replies, clipped }) =>
      command === 'HOST' && argument !== null && !clipped && replies.some(({ code }) => code === 220),
  )
  return host?.argument ? { from: 'host-command', wanted: host.argument, at: host } : null
}

export function chainEnd({ server }: TlsConnection): ChainEnd | null {
  const own = server[0]
  if (!own) return null
  const last = lastOf(own, server)
  // Authorities that clients know need not be sent; of one that stands alone, the issuer is missing.
  const kind = own.selfSigned ? 'self-signed' : last === own ? 'issuer-not-sent' : 'unknown-authority'
  return { kind, authority: last.issuer.text, publiclyIssued: own.publiclyLogged }
}

/** The last certificate that the first one leads to; TLS 1.3 allows any order (RFC 8446 §4.4.2), and clients sort. */
function lastOf(own: Certificate, chain: readonly Certificate[]): Certificate {
  let last = own
  for (let steps = 0; steps < chain.length && !last.selfSigned; steps++) {
    const issuer = chain.find((each) => each !== last && sameBytes(each.subject.whole, last.issuer.whole))
    if (!issuer) break
    last = issuer
  }
  return last
}

/** Alert descriptions about a certificate (RFC 8446 §6.2); the first and the third stand for any fault. */
const Alert = { Bad: 42, Expired: 45, Unknown: 46, UnknownAuthority: 48 } as const
const VAGUE: ReadonlySet<number | null> = new Set([Alert.Bad, Alert.Unknown])

export interface Refused {
  owner: Role
  connection: TlsConnection
  fault: CertificateFault
}

/**
 * The fault for which the handshake of the control connection was ended, where one explains it: by an alert for it or
 * one that stands for any, or by a close once the certificate was there.
 */
export function refusedFor(facts: SessionFacts): Refused | null {
  const { session, epoch } = facts
  const { failure, connections } = facts.tls
  const connection = connections.find(({ channel }) => channel === null)
  if (!failure || !connection) return null
  const owner = failure.sender === 'client' ? 'server' : 'client'
  if (connection[owner].length === 0) return null
  const alert = failure.kind === 'alert' ? failure.alert : null
  const mayBeAny = alert === null || VAGUE.has(alert)
  const date = mayBeAny || alert === Alert.Expired ? outOfDate(connection, owner, epoch) : null
  const name = mayBeAny && owner === 'server' ? otherName(connection, session) : null
  const fault = date ?? name ?? (owner === 'server' ? chainFault(chainEnd(connection), alert) : null)
  return fault && { owner, connection, fault }
}

function chainFault(end: ChainEnd | null, alert: number | null): ChainEnd | null {
  if (!end || alert === Alert.UnknownAuthority) return end
  if (alert !== null && !VAGUE.has(alert)) return null
  // Without that alert only what most clients refuse counts.
  const common =
    end.kind === 'self-signed' || (end.kind === 'issuer-not-sent' && (end.publiclyIssued || alert !== null))
  return common ? end : null
}
