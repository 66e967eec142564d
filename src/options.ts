import type { InputPlan } from './capture/input-plan.js'
import type { ObservationOptions } from './correlate/observation-point.js'
import type { Session } from './correlate/model.js'
import type { SessionReport } from './report/contract.js'
import type { ContentOptions } from './correlate/data-connections.js'
import type { WantContent } from './correlate/content/data-content.js'
import type { MakeDecryptor } from './ftp/tls/decryption.js'
import type { TlsCrypto } from './tls/crypto/crypto.js'
import type { Packet, PacketKind } from './wire/packet.js'

/** Options of an analysis. */
export interface AnalyzeOptions {
  /** Ports of control connections besides 21, 990, 2121 and those recognized by content. */
  ports?: readonly number[]
  /** Only sessions with one of these addresses, written as in the report. */
  hosts?: readonly string[]
  /**
   * Only sessions that this expression describes (docs/CHOOSE.md): `user = alice and bytes > 10MB`. Others are neither
   * in the analysis nor in its summary; numbers of sessions stay the same.
   */
  where?: string
  /** Zone of times in `where` that name none: an offset or a name of the IANA database; UTC by default. */
  timeZone?: string
  /** Ids of findings that are left out, unless they explain why a session did not work. */
  ignore?: readonly string[]
  /** Names of hosts by their addresses, written as in the report; they precede those of name records of a capture. */
  names?: Readonly<Record<string, string>>
  /** Passwords as they were sent, instead of `***`. */
  showSecrets?: boolean
  /** Secrets of TLS connections, which are decrypted with them: key logs (RFC 9850), as text or as bytes. */
  keyLog?: string | Uint8Array | readonly (string | Uint8Array)[]
  /** RSA private keys of servers in PEM: they decrypt connections up to TLS 1.2 with RSA key exchange. */
  privateKeys?: readonly string[]
  /** TCP connections that are tracked at the same time; the oldest give way to new ones. */
  maxConnections?: number
  /** Sessions that are open at the same time; the oldest are judged before their end. */
  maxSessions?: number
  /**
   * `several`: files that overlap in time were captured at different places. Their sessions are passed on at the end,
   * when what all places saw of a session has been joined. Otherwise each is judged by what its own place saw.
   */
  places?: 'several'
}

/** Whether sessions wait until all places have been read. */
export function holdsPlaces({ places }: AnalyzeOptions, plan: InputPlan | undefined): boolean {
  return plan ? plan.places.length > 1 : places === 'several'
}

/** With what only a part of the program can choose. */
export interface AnalyzerOptions extends AnalyzeOptions {
  /** The ciphers with which TLS is decrypted; portable by default. */
  crypto?: TlsCrypto
  /** Takes the content of data connections, decrypted where they are under TLS. */
  content?: WantContent
  /** Takes all packets, besides the analysis. */
  packets?: PacketTap
  /** A session of one place of capture is over, and not judged yet: valid during the call. */
  ended?: (session: Session) => void
  /** A session of one place of capture was judged: itself, valid during the call, and its report. */
  judged?: (session: Session, report: SessionReport) => void
}

/** Takes the packets of an input as they are decoded, place by place. */
export interface PacketTap {
  packet(kind: PacketKind, packet: Packet): void
  /** The file at that index begins another place. */
  beginPlace(firstFile: number): void
}

/** IANA's ftp and ftps, and the usual port of unprivileged servers. */
const CONTROL_PORTS: readonly number[] = [21, 990, 2121]
const IMPLICIT_TLS_PORTS: ReadonlySet<number> = new Set([990])
/** Server's end of active data connections (RFC 959 §3.2): low, and an initiator all the same. */
const INITIATOR_PORTS: ReadonlySet<number> = new Set([20, 989])
const MAX_CONNECTIONS = 1_000_000
/** With what they hold, they fit into 256 MiB (docs/LIMITS.md). */
const MAX_SESSIONS = 10_000

/** Ports of control connections. */
export function controlPortsOf({ ports = [] }: Pick<AnalyzeOptions, 'ports'>): ReadonlySet<number> {
  return new Set([...CONTROL_PORTS, ...ports])
}

/** The options in the form that the stages take. */
export function observationOptions(
  options: AnalyzeOptions,
  decryptor: MakeDecryptor | null = null,
  content: ContentOptions | null = null,
): ObservationOptions {
  const controlPorts = controlPortsOf(options)
  return {
    sessions: {
      controlPorts,
      implicitTlsPorts: IMPLICIT_TLS_PORTS,
      hosts: new Set(options.hosts),
      maxSessions: options.maxSessions ?? MAX_SESSIONS,
      ...(decryptor && { decryptor }),
      ...(content && { content }),
    },
    connections: {
      maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
      responderPorts: controlPorts,
      initiatorPorts: INITIATOR_PORTS,
    },
  }
}
