import type { Direction } from '../../tcp/connection.js'
import { FROM_CLIENT, FROM_SERVER, type ControlTls, type Dialogue } from '../model.js'
import { HandshakeType } from '../../tls/record-layer.js'
import { readClientHello } from '../../tls/hello.js'
import { readServerHelloDetails } from '../../tls/hello-details.js'

/** Alerts kept: the first fatal one ends the connection. */
const MAX_ALERTS = 16
/** Records kept, each a command or a reply; later ones add nothing. */
const MAX_RECORDS = 1024

/** Notes what the TLS records of the control connection show, and what they mean for the session's security. */
export class TlsObserver {
  readonly #dialogue: Dialogue
  readonly #implicitPort: boolean
  /** By direction: TLS was seen. */
  readonly #seen: [boolean, boolean] = [false, false]

  constructor(dialogue: Dialogue, implicitPort: boolean) {
    this.#dialogue = dialogue
    this.#implicitPort = implicitPort
  }

  /** TLS begins in a direction. `clearText`: lines were read before, so the session began in clear text. */
  begins(direction: Direction, frame: number, time: number, clearText: boolean): void {
    const dialogue = this.#dialogue
    this.#seen[direction] = true
    dialogue.tls ??= noTls()
    dialogue.opaqueFrom ??= { frame, time }
    if (dialogue.security !== 'none' || dialogue.otherProtocol) return
    if (direction === FROM_SERVER && clearText && !this.#seen[FROM_CLIENT] && !this.#authSent()) {
      // The server answers clear text with TLS: it expects implicit TLS.
      dialogue.otherProtocol ??= { name: 'TLS', frame }
      return
    }
    // Without a hello the session was captured from its middle: the port decides how TLS began.
    dialogue.security = this.#implicitPort && !clearText ? 'implicit-tls' : 'explicit-tls'
  }

  handshake(direction: Direction, type: number, frame: number, time: number, clearText: boolean): void {
    const { tls } = this.#dialogue
    if (!tls) return
    if (direction === FROM_SERVER) {
      if (type === HandshakeType.ServerHello) tls.serverHello ??= { frame, time }
    } else if (type === HandshakeType.ClientHello && tls.clientHello === null) {
      tls.clientHello = { frame, time }
      if (clearText) return
      this.#dialogue.clientHello = { frame, time }
      this.#dialogue.security = 'implicit-tls'
    }
  }

  clientHello(direction: Direction, message: Uint8Array, cut: boolean): void {
    const { tls } = this.#dialogue
    if (tls && direction === FROM_CLIENT) tls.offer ??= readClientHello(message, cut)
  }

  serverHello(direction: Direction, message: Uint8Array): void {
    const { tls } = this.#dialogue
    if (!tls || direction !== FROM_SERVER) return
    const hello = readServerHelloDetails(message)
    if (!hello || hello.retry) return
    // Another handshake on the same connection: lengths of records may mean something else from here on.
    if (tls.protection) tls.recordsEnd ??= tls.records.length
    else tls.protection = { version: hello.version, suite: hello.suite }
  }

  /** Bytes of a direction were never captured: records may be missing from here on. */
  gap(): void {
    const { tls } = this.#dialogue
    if (tls) tls.recordsEnd ??= tls.records.length
  }

  alert(direction: Direction, frame: number, time: number, level: number | null, description: number | null): void {
    const alerts: ControlTls['alerts'] = this.#dialogue.tls?.alerts ?? []
    if (alerts.length < MAX_ALERTS) alerts.push({ frame, time, direction, level, description })
  }

  /** An alert was decrypted: until TLS 1.2 its record was seen as one. */
  decryptedAlert(direction: Direction, frame: number, time: number, level: number, description: number): void {
    const seen = this.#dialogue.tls?.alerts.find(
      (alert) => alert.frame === frame && alert.direction === direction && alert.description === null,
    )
    if (!seen) {
      this.alert(direction, frame, time, level, description)
      return
    }
    seen.level = level
    seen.description = description
  }

  applicationData(direction: Direction, frame: number, time: number, length: number): void {
    const records: ControlTls['records'] = this.#dialogue.tls?.records ?? []
    if (records.length < MAX_RECORDS) records.push({ frame, time, direction, length })
  }

  /** A reply in clear text: the server did not accept the client's TLS. Returns true the first time. */
  clearReply(): boolean {
    if (this.#dialogue.security !== 'implicit-tls' || this.#seen[FROM_SERVER]) return false
    this.#dialogue.security = 'none'
    return true
  }

  /** A command in clear text after the 234: the client did not begin TLS. Returns true the first time. */
  clearCommand(): boolean {
    if (this.#dialogue.security !== 'explicit-tls' || this.#dialogue.tls) return false
    this.#dialogue.security = 'none'
    return true
  }

  #authSent(): boolean {
    // 234 answers an AUTH that may be missing from the capture (RFC 2228 §5.1).
    return this.#dialogue.exchanges.some((e) => e.command === 'AUTH' || e.replies.some((reply) => reply.code === 234))
  }
}

function noTls(): ControlTls {
  return {
    clientHello: null,
    offer: null,
    serverHello: null,
    protection: null,
    alerts: [],
    records: [],
    recordsEnd: null,
    established: false,
  }
}
