import type { EndpointReport, SessionReport, TransferReport } from '../contract.js'
import { timesOf } from '../diff/times.js'
import { transfersOf } from '../text/transfer-lines.js'

/** How values of a field are compared. */
export type FieldKind = 'text' | 'address' | 'file' | 'number' | 'bytes' | 'duration' | 'time'

/** What an expression can ask of a session. */
export interface Field {
  kind: FieldKind
  about: string
  /** All that it has; a comparison holds if it does for one of them. */
  of: (session: SessionReport) => readonly (string | number | null | undefined)[]
}

const transfers = (take: (transfer: TransferReport) => string | number | null | undefined): Field['of'] => {
  return ({ dataChannels }) => transfersOf(dataChannels).map(take)
}

/** An endpoint by its address, by address and port, and by its name. */
const endpoint = ({ address, port, name }: EndpointReport): string[] => [
  ...(name === undefined ? [] : [name]),
  address,
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
]

/** By name; the documentation is generated from it. */
export const FIELDS: Readonly<Record<string, Field>> = {
  outcome: { kind: 'text', about: 'ok, degraded, failed or undetermined', of: ({ verdict }) => [verdict.outcome] },
  cause: { kind: 'text', about: 'finding that explains the outcome', of: ({ verdict }) => [verdict.cause] },
  finding: { kind: 'text', about: 'any finding', of: ({ findings }) => findings.map(({ id }) => id) },
  severity: { kind: 'text', about: 'of any finding', of: ({ findings }) => findings.map(({ severity }) => severity) },
  confidence: { kind: 'text', about: 'of the verdict: high, medium or low', of: ({ verdict }) => [verdict.confidence] },
  client: { kind: 'address', about: 'client: address, address:port or network', of: ({ client }) => endpoint(client) },
  server: { kind: 'address', about: 'server: address, address:port or network', of: ({ server }) => endpoint(server) },
  host: {
    kind: 'address',
    about: 'client, server, or an end of a data connection',
    of: ({ client, server, dataChannels }) => [
      ...endpoint(client),
      ...endpoint(server),
      ...dataChannels.flatMap(({ from, to }) => [from.address, to.address]),
    ],
  },
  port: { kind: 'number', about: "the server's port", of: ({ server }) => [server.port] },
  user: { kind: 'text', about: 'name of the last USER', of: ({ user }) => [user] },
  login: { kind: 'text', about: 'accepted, rejected, none or unknown', of: ({ login }) => [login] },
  security: { kind: 'text', about: 'none, explicit-tls, implicit-tls or gssapi', of: ({ security }) => [security] },
  software: {
    kind: 'text',
    about: 'of server or client',
    of: ({ serverSoftware, clientSoftware }) => [serverSoftware, clientSoftware],
  },
  command: {
    kind: 'text',
    about: 'any command that was sent',
    of: ({ exchanges }) => exchanges.map(({ command }) => command),
  },
  reply: {
    kind: 'number',
    about: 'code of any reply',
    of: ({ exchanges }) => exchanges.flatMap(({ replies }) => replies.map(({ code }) => code)),
  },
  file: {
    kind: 'file',
    about: 'file of any transfer: its path, or its name alone',
    of: ({ dataChannels }) => transfersOf(dataChannels).flatMap(({ path, absolutePath }) => [absolutePath, path]),
  },
  transfer: {
    kind: 'text',
    about: 'of any transfer: completed, incomplete, aborted, refused, failed or unknown',
    of: transfers(({ outcome }) => outcome),
  },
  direction: {
    kind: 'text',
    about: 'of any transfer: download, upload or listing',
    of: transfers(({ direction }) => direction),
  },
  mode: {
    kind: 'text',
    about: 'of any data connection: active or passive',
    of: ({ dataChannels }) => dataChannels.map(({ mode }) => mode),
  },
  transfers: { kind: 'number', about: 'transfers that were wanted', of: ({ transfers: { attempted } }) => [attempted] },
  'failed-transfers': {
    kind: 'number',
    about: 'of these, those that failed',
    of: ({ transfers: { failed } }) => [failed],
  },
  bytes: { kind: 'bytes', about: 'on all data connections together', of: (session) => [bytesOf(session)] },
  rate: {
    kind: 'bytes',
    about: 'of all transfers together, a second',
    of: (session) => [timesOf(session).bytesPerSecond],
  },
  duration: { kind: 'duration', about: 'from the first to the last frame', of: ({ durationMs }) => [durationMs] },
  'login-time': {
    kind: 'duration',
    about: 'from the first frame until the login is accepted',
    of: (session) => [timesOf(session).loginMs],
  },
  'first-byte': {
    kind: 'duration',
    about: 'from a transfer command to its first byte',
    of: transfers(({ firstByteMs }) => firstByteMs),
  },
  rtt: { kind: 'duration', about: 'round-trip time of the handshake', of: ({ control }) => [control.rttMs] },
  start: { kind: 'time', about: 'of the session', of: ({ start }) => [Date.parse(start)] },
  end: { kind: 'time', about: 'of the session', of: ({ end }) => [Date.parse(end)] },
  stream: {
    kind: 'number',
    about: '`tcp.stream` of any of its connections',
    of: ({ tcpStream, dataChannels }) => [tcpStream, ...dataChannels.map(({ connection }) => connection?.tcpStream)],
  },
  capture: { kind: 'file', about: 'file in which it begins, of several', of: ({ origin }) => [origin?.file] },
  vantage: {
    kind: 'text',
    about: 'where it was captured: client, server or middle',
    of: ({ vantage }) => [vantage.at],
  },
}

export const FIELD_NAMES = Object.keys(FIELDS)

/** Payload on all data connections of a session. */
export function bytesOf({ dataChannels }: SessionReport): number {
  return dataChannels.reduce((sum, { connection }) => sum + (connection?.bytes ?? 0), 0)
}
