import type { TlsFailure } from './connection/negotiation.js'
import type { Direction } from '../tcp/connection.js'
import type { Place } from './events.js'
import type { ClientHelloDetails, ServerHelloDetails } from './hello-details.js'

export type ResumptionMeans = 'session-id' | 'ticket' | 'psk'

/** An alert that could be read: in the clear, or decrypted. */
export interface TlsAlert extends Place {
  direction: Direction
  /** 1 warning, 2 fatal (RFC 8446 §6). */
  level: number
  description: number
  encrypted: boolean
}

/** What is known about a TLS connection, with or without keys; no key material. Renegotiation overwrites. */
export interface TlsFacts {
  clientHello: ClientHelloDetails | null
  serverHello: ServerHelloDetails | null
  helloRetryRequest: boolean
  renegotiations: number
  keyUpdates: number
  /** By what the client offers to resume a session, and by what the server does; `null`: not. */
  resumption: { offered: ResumptionMeans | null; accepted: ResumptionMeans | null }
  /** The application protocol that the server chose (ALPN). */
  protocol: string | null
  /** Certificate chains as sent, in DER; in TLS 1.3 only with keys. */
  certificates: Uint8Array[]
  clientCertificates: Uint8Array[]
  /** The packets that completed the latest of these messages. */
  clientHelloAt: Place | null
  serverHelloAt: Place | null
  certificateAt: Place | null
  clientCertificateAt: Place | null
  /** The direction of the TLS client; `null` while nothing shows it. */
  client: Direction | null
  /** At most 16: the first fatal one ends the connection. */
  alerts: TlsAlert[]
  /** Records of 0-RTT data that were passed over, and whether the server accepted them; `null` where nothing tells. */
  earlyRecords: number
  earlyDataAccepted: boolean | null
  /** By `Direction`. */
  decryptedRecords: [number, number]
  opaqueRecords: [number, number]
  /** Of application data, whose length was enough. */
  measuredRecords: [number, number]
  skippedRecords: [number, number]
  /** Each kind once, in order. */
  failures: TlsFailure[]
}

export function noFacts(): TlsFacts {
  return {
    clientHello: null,
    serverHello: null,
    helloRetryRequest: false,
    renegotiations: 0,
    keyUpdates: 0,
    resumption: { offered: null, accepted: null },
    protocol: null,
    certificates: [],
    clientCertificates: [],
    clientHelloAt: null,
    serverHelloAt: null,
    certificateAt: null,
    clientCertificateAt: null,
    client: null,
    alerts: [],
    earlyRecords: 0,
    earlyDataAccepted: null,
    decryptedRecords: [0, 0],
    opaqueRecords: [0, 0],
    measuredRecords: [0, 0],
    skippedRecords: [0, 0],
    failures: [],
  }
}
