import type { ChannelState, DataChannel, Transfer } from '../../../correlate/model.js'
import { finalReply, type Reply } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { isEstablished } from '../../facts/passive.js'
import { roleOf } from '../../facts/payload.js'
import { blamesDataConnection } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact, type Observation, type Side } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  endpointText,
  type Evidence,
  openingEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** ProFTPD "451 backup.tar: Append/Restart not permitted, try again", when REST or APPE is used on an existing file. */
const RESUME = /\b(?:append|restart|resum)/i
/** Maximum length of the text that is searched. */
const MAX_WORDS = 512

export type Unopened = 'refused' | 'unanswered' | 'unreachable'

/** What the capture shows of a channel's data connection. */
const SEEN: Readonly<Record<ChannelState, 'open' | Unopened | 'not-captured'>> = {
  established: 'open',
  'closed-early': 'open',
  refused: 'refused',
  unanswered: 'unanswered',
  unreachable: 'unreachable',
  'not-attempted': 'not-captured',
  rejected: 'not-captured',
}

/** A negative reply from the server ended the transfer. */
export interface Ended extends Fact {
  /** The server refused to append to a file, it blamed the data connection, or the fault is on the server itself. */
  kind: 'resume' | 'data-connection' | 'server'
  /** `null` if the command was not captured. */
  command: CommandFact | null
  reply: ReplyFact
  connection: (typeof SEEN)[ChannelState]
  /** Bytes transferred over it. */
  bytes: number
}

/** A data connection failed, and no readable announcement or command belongs to it. */
export interface NeverOpened extends Fact {
  kind: 'never-opened'
  /** Address and port to which it was being opened. */
  target: string
  connection: Unopened
}

export const transferFailed = defineRule<Ended | NeverOpened>({
  id: 'transfer-failed',
  title: 'server could not carry out the transfer',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  references: ['RFC 959 §4.2.1 (4yz, 5yz), §4.2.2 (425, 426, 451)', 'RFC 959 §5.4', 'RFC 3659 §5 (REST)'],
  samples: { reports: 'made/transfer-failed.pcap', silent: 'made/transfer-failed--silent.pcap' },
  needs: ['unfinished'],
  // If the connection is in this capture, the question is that of all transfers.
  question: ({ connection }) =>
    connection === 'open' ? null : 'is there a data connection for it, and what answers its SYN',

  *check(session, facts) {
    for (const channel of session.channels) {
      if (facts.isFine(channel)) continue
      const outcome = facts.outcome(channel)
      if (outcome === 'failed') yield* ended(facts, channel)
      // Announced connections have rules of their own, and if the capture ends here the answer may still be in transit.
      else if (outcome === null && !channel.announcement && !session.cutOff && isSure(facts))
        yield* neverOpened(channel)
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'never-opened' ? 'data connection was never opened' : null),
    message: (fact) => (fact.kind === 'never-opened' ? neverOpenedWords(fact) : endedWords(fact)),
  },
  remedy: (fact, context) =>
    fact.kind === 'never-opened'
      ? ['check the logs of client and server for what the connection was for, and why it was not accepted']
      : endedRemedy(fact, context),
})

/** Where the capture lacks words, the announcement may be among them, and so may what the client did instead. */
function isSure({ hidden, lacksWords }: SessionFacts): boolean {
  return hidden || !lacksWords
}

function* ended(facts: SessionFacts, channel: DataChannel): Generator<Observation<Ended>> {
  const exchange = facts.end(channel)?.exchange
  const reply = exchange && finalReply(exchange)
  // A 421 concerns the session as a whole, unless it was the data connection that was missing.
  if (!reply || (reply.code === 421 && isEstablished(channel))) return
  const { connection, transfer } = channel
  const command = exchange.command === null ? null : exchange
  const kind = kindOf(reply, transfer)
  yield {
    fact: {
      kind,
      command: command && commandFact(command),
      reply: replyFact(reply),
      connection: SEEN[channel.state],
      bytes: connection ? connection.flows[0].end + connection.flows[1].end : 0,
    },
    side: kind === 'data-connection' ? sideOf(facts, channel, reply) : 'server',
    confidence: kind === 'data-connection' ? 'medium' : 'high',
    evidence: [
      replyEvidence(reply),
      ...(command ? [commandEvidence(command)] : []),
      ...(connection ? connectionEvidence(channel, connection) : []),
    ],
    channel,
  }
}

function* neverOpened(channel: DataChannel): Generator<Observation<NeverOpened>> {
  const { connection, to } = channel
  const seen = SEEN[channel.state]
  if (!connection || seen === 'open' || seen === 'not-captured') return
  const [first, ...others] = connectionEvidence(channel, connection)
  const target = endpointText(to.address, to.port)
  yield {
    fact: { kind: 'never-opened', target, connection: seen },
    side: 'unknown',
    confidence: 'medium',
    evidence: [first!, ...others],
    channel,
  }
}

/**
 * 425 and 426 concern the data connection (RFC 959 §4.2.2), all other codes the server itself, and so do words about
 * its files.
 */
function kindOf(reply: Reply, transfer: Transfer | null): Ended['kind'] {
  if (blamesDataConnection(reply)) return 'data-connection'
  const resumes = transfer !== null && (transfer.command.restartAt > 0 || transfer.command.command === 'APPE')
  return resumes && RESUME.test(reply.text.slice(0, MAX_WORDS)) ? 'resume' : 'server'
}

/** Who is at fault for a data connection: if it was open and the client did not end it, only the server remains. */
function sideOf(facts: SessionFacts, channel: DataChannel, reply: Reply): Side {
  const { connection } = channel
  if (!connection || !isEstablished(channel)) return 'unknown'
  const closing = closingOf(connection)
  if (!closing || closing.time > reply.time) return 'server'
  const [reset] = connection.resets
  if (closing.how === 'rst' && reset && facts.origin(connection, reset).foreign) return 'path'
  return roleOf(channel, closing.direction)
}

function connectionEvidence(channel: DataChannel, connection: Connection): Evidence[] {
  const closing = closingOf(connection)
  if (isEstablished(channel)) {
    const opened = at(connection.established ?? connection.first, 'data connection open')
    if (!closing) return [opened]
    const how = closing.how === 'rst' ? 'resets' : 'closes'
    return [opened, at(closing, `the ${roleOf(channel, closing.direction)} ${how} it`)]
  }
  return openingEvidence(connection)
}

const CONNECTION_WORDS: Readonly<Record<Exclude<Ended['connection'], 'open'>, string>> = {
  refused: 'was refused',
  unanswered: 'was not answered',
  unreachable: 'was answered by an ICMP error',
  'not-captured': 'was not captured',
}

function endedWords({ command, reply, connection, bytes }: Shown<Ended>): string {
  const transfer = command ? `"${commandWords(command)}"` : 'a transfer whose command was not captured'
  const carried = bytes === 0 ? 'no bytes' : byteCount(bytes)
  const data = connection === 'open' ? `was open and carried ${carried}` : CONNECTION_WORDS[connection]
  return `The server could not carry out ${transfer}: "${replyWords(reply)}". Its data connection ${data}.`
}

function neverOpenedWords({ target, connection }: Shown<NeverOpened>): string {
  return `A data connection to ${target} ${CONNECTION_WORDS[connection]}, and no readable announcement belongs to it.`
}

function endedRemedy({ kind, command, connection, reply }: Shown<Ended>, { serverSoftware }: RemedyContext): string[] {
  const server = `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}`
  if (kind === 'resume')
    return [
      serverRemedy(serverSoftware, 'allow interrupted transfers to be resumed', ({ resume }) => resume),
      'or, in the client, transfer the whole file again: without REST, and with STOR instead of APPE',
    ]
  if (kind === 'server') {
    const file = command?.argument ?? 'the file'
    const rights = `permissions on "${file}" and its directory, disk errors and free space, locks`
    const log = `${server}: check its log at that time, ${rights}`
    return reply.code < 500
      ? [log, 'then retry the transfer: a 4yz reply means that the same command may succeed later']
      : [log]
  }
  const log = `${server}: its log at that time gives the reason why it gave up the data connection`
  if (connection === 'open') return [log, 'then retry the transfer']
  return [log, 'capture all TCP between the two hosts, not only the control port, to see what happened to it']
}
