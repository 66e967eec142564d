import type { EndpointReport, SessionReport, TransferReport } from '../contract.js'
import { timesOf } from '../diff/times.js'
import { transfersOf } from '../text/transfer-lines.js'

/** How values of a field are compared. */
export type FieldKind = 'text' | 'address' | 'file' | 'number' | 'bytes' | 'duration' | 'time'

/** What an expression can ask of a session. */
export interface Field {
  kind: FieldKind
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

/** By name, as docs/CHOOSE.md explains them. */
export const FIELDS: Readonly<Record<string, Field>> = {
  outcome: { kind: 'text', of: ({ verdict }) => [verdict.outcome] },
  cause: { kind: 'text', of: ({ verdict }) => [verdict.cause] },
  finding: { kind: 'text', of: ({ findings }) => findings.map(({ id }) => id) },
  severity: { kind: 'text', of: ({ findings }) => findings.map(({ severity }) => severity) },
  confidence: { kind: 'text', of: ({ verdict }) => [verdict.confidence] },
  client: { kind: 'address', of: ({ client }) => endpoint(client) },
  server: { kind: 'address', of: ({ server }) => endpoint(server) },
  host: {
    kind: 'address',
    of: ({ client, server, dataChannels }) => [
      ...endpoint(client),
      ...endpoint(server),
      ...dataChannels.flatMap(({ from, to }) => [from.address, to.address]),
    ],
  },
  port: { kind: 'number', of: ({ server }) => [server.port] },
  user: { kind: 'text', of: ({ user }) => [user] },
  login: { kind: 'text', of: ({ login }) => [login] },
  security: { kind: 'text', of: ({ security }) => [security] },
  software: {
    kind: 'text',
    of: ({ serverSoftware, clientSoftware }) => [serverSoftware, clientSoftware],
  },
  command: {
    kind: 'text',
    of: ({ exchanges }) => exchanges.map(({ command }) => command),
  },
  reply: {
    kind: 'number',
    of: ({ exchanges }) => exchanges.flatMap(({ replies }) => replies.map(({ code }) => code)),
  },
  file: {
    kind: 'file',
    of: ({ dataChannels }) => transfersOf(dataChannels).flatMap(({ path, absolutePath }) => [absolutePath, path]),
  },
  transfer: {
    kind: 'text',
    of: transfers(({ outcome }) => outcome),
  },
  direction: {
    kind: 'text',
    of: transfers(({ direction }) => direction),
  },
  mode: {
    kind: 'text',
    of: ({ dataChannels }) => dataChannels.map(({ mode }) => mode),
  },
  transfers: { kind: 'number', of: ({ transfers: { attempted } }) => [attempted] },
  'failed-transfers': {
    kind: 'number',
    of: ({ transfers: { failed } }) => [failed],
  },
  bytes: { kind: 'bytes', of: (session) => [bytesOf(session)] },
  rate: {
    kind: 'bytes',
    of: (session) => [timesOf(session).bytesPerSecond],
  },
  duration: { kind: 'duration', of: ({ durationMs }) => [durationMs] },
  'login-time': {
    kind: 'duration',
    of: (session) => [timesOf(session).loginMs],
  },
  'first-byte': {
    kind: 'duration',
    of: transfers(({ firstByteMs }) => firstByteMs),
  },
  rtt: { kind: 'duration', of: ({ control }) => [control.rttMs] },
  start: { kind: 'time', of: ({ start }) => [Date.parse(start)] },
  end: { kind: 'time', of: ({ end }) => [Date.parse(end)] },
  stream: {
    kind: 'number',
    of: ({ tcpStream, dataChannels }) => [tcpStream, ...dataChannels.map(({ connection }) => connection?.tcpStream)],
  },
  capture: { kind: 'file', of: ({ origin }) => [origin?.file] },
  vantage: {
    kind: 'text',
    of: ({ vantage }) => [vantage.at],
  },
}

export const FIELD_NAMES = Object.keys(FIELDS)

/** Payload on all data connections of a session. */
export function bytesOf({ dataChannels }: SessionReport): number {
  return dataChannels.reduce((sum, { connection }) => sum + (connection?.bytes ?? 0), 0)
}
