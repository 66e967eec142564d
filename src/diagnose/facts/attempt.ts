/** Attempts to open a data connection that failed. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Announcement, finalReply, type Reply } from '../../ftp/model.js'
import type { Connection, IcmpSighting, ResetSighting } from '../../tcp/connection.js'
import type { PathFacts } from './path-facts.js'
import { originOnPath, type ResetOrigin, resetOrigin } from './reset-origin.js'

/** What answered the SYNs to an announced port. */
export type Failure =
  /** No answer was captured. */
  | { result: 'silent' }
  /** The SYN,ACK was captured, and never acknowledged: the way back is blocked. */
  | { result: 'half-open'; synAcks: number }
  | { result: 'refused'; reset: ResetSighting; origin: ResetOrigin }
  | { result: 'unreachable'; error: IcmpSighting }

/** A data connection that was attempted as announced and was not established. */
export interface Attempt {
  channel: DataChannel
  announcement: Announcement
  connection: Connection
  /** Who announced the port: the server in passive mode, the client in active mode. */
  listener: 'client' | 'server'
  failure: Failure
  /** SYNs, the first and its retransmissions. */
  tries: number
  /** From the first SYN to the last, in nanoseconds. */
  span: number
  /** The capture ended before an answer was due. */
  hasty: boolean
  /** The negative reply that it led to. */
  reply: Reply | null
}

/** An answer may take this long. */
const ANSWER_NS = 1e9

/** `null` for a channel that was established, or never tried, or whose announcement was refused or is malformed. */
export function attemptOn(session: Session, channel: DataChannel, path: PathFacts | null): Attempt | null {
  const { announcement, connection, mode } = channel
  if (!announcement || !connection || announcement.malformed !== null) return null
  if (mode === 'passive' && !announcement.accepted) return null
  const failure = failureOf(session, channel, path)
  if (!failure) return null
  const { syns, synAttempts } = connection
  return {
    channel,
    announcement,
    connection,
    listener: mode === 'passive' ? 'server' : 'client',
    failure,
    tries: synAttempts,
    span: syns.length > 0 ? syns.at(-1)!.time - syns[0]!.time : 0,
    hasty: synAttempts < 2 && session.cutOff && session.judgedAt - connection.last.time < ANSWER_NS,
    reply: negativeReply(channel),
  }
}

/** What answered the SYNs of a channel's connection; `null` if it was established or never attempted. */
export function failureOf(
  session: Session,
  { state, connection }: DataChannel,
  path: PathFacts | null,
): Failure | null {
  if (!connection) return null
  switch (state) {
    case 'unanswered':
      return connection.synAckAttempts > 0
        ? { result: 'half-open', synAcks: connection.synAckAttempts }
        : { result: 'silent' }
    case 'refused': {
      const reset = connection.resets.find(({ answersSyn }) => answersSyn)
      if (!reset) return null
      return { result: 'refused', reset, origin: originOnPath(resetOrigin(session, connection, reset), reset, path) }
    }
    case 'unreachable': {
      const error = connection.icmpErrors.find(({ quotesSyn }) => quotesSyn)
      return error ? { result: 'unreachable', error } : null
    }
    default:
      return null
  }
}

/**
 * Where the server gave up: the negative reply to a channel's transfer, or without one to its announcement. PORT is
 * answered with 425 by servers that connect before they reply (pyftpdlib).
 */
export function negativeReply({ transfer, announcement }: DataChannel): Reply | null {
  const reply = (transfer && finalReply(transfer.command.exchange)) ?? announcement?.reply ?? null
  return reply && reply.code >= 400 ? reply : null
}
