/** What the rules on transfers share: the flow that carries the payload, and how far it got. */
import type { DataChannel, Session, Transfer } from '../../correlate/model.js'
import { payloadDirection } from '../../correlate/transfers.js'
import { finalReply, FROM_CLIENT, FROM_SERVER, type Reply } from '../../ftp/model.js'
import { type Connection, Direction, type Endpoint, type Flow, opposite } from '../../tcp/connection.js'
import { isEstablished } from './passive.js'

/** A transfer whose data connection was established. */
export interface Payload {
  channel: DataChannel
  transfer: Transfer
  /** Payload bytes seen in the transfer's direction. */
  bytes: number
  connection: Connection
  direction: Direction
  /** Flow of the payload's sender, and of its receiver. */
  flow: Flow
  taker: Flow
  /** The sender (the FTP client for uploads) and the receiver. */
  sender: Role
  receiver: Role
  /** Their addresses. */
  from: string
  to: string
  /** The final reply to the transfer; `null` if none was captured. */
  reply: Reply | null
}

/** An end of a data connection in terms of FTP, whoever opened it. */
export type Role = 'client' | 'server'

export function* payloadsOf(session: Session): Generator<Payload> {
  for (const channel of session.channels) {
    const { connection, transfer } = channel
    if (!connection || !transfer || transfer.bytes === null || !isEstablished(channel)) continue
    const direction = payloadDirection(transfer.command, channel.mode)
    const sender = roleOf(channel, direction)
    yield {
      channel,
      transfer,
      bytes: transfer.bytes,
      connection,
      direction,
      flow: connection.flows[direction],
      taker: connection.flows[opposite(direction)],
      sender,
      receiver: sender === 'client' ? 'server' : 'client',
      from: addressOf(connection, direction),
      to: addressOf(connection, opposite(direction)),
      reply: finalReply(transfer.command.exchange),
    }
  }
}

/** All bytes were sent and received: the sender closed with a FIN, and everything before it was acknowledged. */
export function isDelivered({ flow, taker, connection }: Payload): boolean {
  if (flow.fin === null || connection.closedBy?.how === 'rst') return false
  if (flow.missingBytes > flow.acknowledgedUnseen) return false
  // If only one direction was captured, it is unknown what was acknowledged.
  return taker.packets === 0 || flow.acknowledged >= flow.finOffset
}

/**
 * Who sends in a direction: the FTP client opens passive data connections, the FTP server active ones (RFC 959 §3.2).
 */
export function roleOf({ mode }: DataChannel, direction: Direction): Role {
  return (mode === 'passive') === (direction === Direction.FromInitiator) ? 'client' : 'server'
}

/** What an end sends over the control connection. */
export function controlFlowOf({ control }: Session, role: Role): Flow {
  return control.flows[role === 'client' ? FROM_CLIENT : FROM_SERVER]
}

/** The end that sends in a direction. */
export function endpointOf({ initiator, responder }: Connection, direction: Direction): Endpoint {
  return direction === Direction.FromInitiator ? initiator : responder
}

/** The address of a direction's sender. */
export function addressOf(connection: Connection, direction: Direction): string {
  return endpointOf(connection, direction).address
}

/** Largest receive window that a side advertised, in bytes; `null` if the scale was not captured. */
export function offeredWindow(connection: Connection, taker: Flow): number | null {
  if (connection.midstream || taker.largestWindow === 0) return null
  const [a, b] = connection.flows
  // Both SYNs must carry the option (RFC 7323 §2.2).
  const scale = a.windowScale >= 0 && b.windowScale >= 0 ? taker.windowScale : 0
  return taker.largestWindow * 2 ** scale
}
