import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, FROM_CLIENT, FROM_SERVER } from '../../../ftp/model.js'
import type { Endpoint, ResetSighting, Sighting } from '../../../tcp/connection.js'
import type { Confidence } from '../../confidence.js'
import { PRIVILEGED_PORTS } from '../../facts/active.js'
import { senderOf } from '../../facts/control.js'
import { isOfOtherHop, resetsAtOnce } from '../../facts/reset-origin.js'
import { defineRule, type Fact, type Side } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  announcementEvidence,
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  type Evidence,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** A RST on the control connection before either side had ended the session. */
export interface ControlReset extends Fact, Ends {
  /** A middlebox forged it, as its TTL shows; one reset both ends at once; or nothing indicates a forgery. */
  kind: 'forged' | 'both-ends' | 'host'
  /** Which end its source address belongs to. */
  sender: 'client' | 'server'
  host: Endpoint
  /** TTL of the RST, and of the host's other packets; `null` if none was captured. */
  ttl: number
  usualTtl: number | null
  /** The command that was still awaiting its final reply. */
  pending: CommandFact | null
  /** What strict FTP inspection objects to, right before the RST. */
  provocation: Provocation | null
  /** Since the last command or reply. */
  silenceNs: number
}

export type Provocation = { kind: 'bare-line-feed' } | { kind: 'privileged-port'; port: number } | { kind: 'pipelined' }

/** What a middlebox objects to is followed by its RST within this time. */
const PROVOCATION_NS = 3e9
/** After this much silence a RST is due to a timer, the server's own or that of a middlebox. */
const TIMER_NS = 50e9

export const controlReset = defineRule<ControlReset>({
  id: 'control-reset',
  title: 'control connection was reset',
  severity: 'error',
  side: 'unknown',
  level: 'aftermath',
  identifiesResets: true,
  references: ['RFC 9293 §3.5.3', 'RFC 959 §2.3, §5.3', 'RFC 3360 (resets sent by middleboxes)'],
  samples: { reports: 'made/control-reset.pcap', silent: 'made/control-reset--silent.pcap' },
  needs: ['reset'],

  *check(session, facts) {
    const { control, dialogue, client, server } = session
    const reset = control.resets.find(({ answersSyn }) => !answersSyn)
    if (!reset || control.flows[FROM_SERVER].end === 0 || isOver(session, reset)) return
    const { foreign, usual } = facts.origin(control, reset)
    const kind = foreign ? 'forged' : resetsAtOnce(control, reset).length > 0 ? 'both-ends' : 'host'
    const sender = senderOf(reset.direction)
    const pending = pendingCommand(session, reset)
    // A client with no pending command may close as it likes; under TLS it is not visible whether it sent QUIT.
    if (kind === 'host' && (dialogue.opaqueFrom || (sender === 'client' && !pending))) return
    const provoked = provocationBefore(session, reset)
    const before = facts.lastWordBefore(reset)
    const silenceNs = before ? reset.time - before.time : 0
    yield {
      fact: {
        kind,
        ...endsOf(session),
        sender,
        host: sender === 'client' ? client : server,
        ttl: reset.hopLimit,
        usualTtl: usual,
        pending: pending && commandFact(pending),
        provocation: provoked && provoked.provocation,
        silenceNs,
      },
      side: sideOf(kind, sender),
      confidence: confidenceOf(kind, usual, provoked !== null),
      evidence: [
        resetAsSeen(session, reset, usual),
        ...usualPacket(session, reset),
        ...(provoked ? [provoked.evidence] : []),
        ...(pending ? [commandEvidence(pending, 'pending at that time')] : []),
      ],
      rivals: silenceNs >= TIMER_NS ? ['control-idle-dropped', 'idle-timeout'] : [],
    }
  },

  texts: {
    message(fact) {
      const ends = `${fact.client} to ${endpointWords(fact.server)}`
      const name = `a RST with source address ${endpointWords(fact.host)}`
      const during = fact.pending ? ` while ${commandWords(fact.pending)} was pending` : ''
      const reset = `The control connection from ${ends} was reset by ${name}${during}.`
      return [reset, originWords(fact), ...occasionWords(fact)].join(' ')
    },
  },

  remedy({ kind, sender, host: { address } }) {
    if (kind === 'host') {
      const server = 'a crash, a kill, an overload; for a load balancer or proxy in front of it, see its idle timer'
      return sender === 'client'
        ? [`on ${address}: check the log of the client program for a time limit, a crash, an abort by the user`]
        : [`on ${address}: check the log of the FTP server for ${server} and the health of its backends`]
    }
    const inspection = 'Cisco ASA: inspect ftp without strict; others: disable FTP ALG or protocol enforcement'
    const commands = 'make the client send commands as RFC 959 requires: CRLF, one at a time, ports above 1023'
    const distance = 'the difference in TTL shows how far away it is; firewalls and intrusion prevention log it'
    return [
      `find the middlebox that forges RSTs: ${distance}`,
      `relax its FTP inspection (${inspection}), or ${commands}`,
    ]
  },
})

/** The session had already been ended in an orderly way: FIN, QUIT, 221, 421 or a TLS alert. */
function isOver({ control, dialogue }: Session, reset: ResetSighting): boolean {
  if (control.flows.some(({ fin }) => fin !== null && fin.frame < reset.frame)) return true
  // Under TLS the last message is an alert: close_notify, or an encrypted one.
  const alerts = dialogue.tls?.alerts ?? []
  if (alerts.some(({ frame, level, description }) => frame < reset.frame && (level === null || description === 0)))
    return true
  return dialogue.exchanges.some(
    ({ command, frame, replies }) =>
      (command === 'QUIT' && frame < reset.frame) ||
      replies.some((reply) => (reply.code === 221 || reply.code === 421) && reply.frame < reset.frame),
  )
}

/** The last command, if it is still awaiting its final reply. */
function pendingCommand({ dialogue }: Session, reset: Sighting): Exchange | null {
  const last = dialogue.exchanges.findLast(({ command, frame }) => command !== null && frame < reset.frame)
  const reply = last ? finalReply(last) : null
  return last && (reply === null || reply.frame > reset.frame) ? last : null
}

/** What strict inspection objects to, right before the RST: a bare LF, a port below 1024, pipelining. */
function provocationBefore(
  { dialogue }: Session,
  reset: ResetSighting,
): { provocation: Provocation; evidence: Evidence } | null {
  // Inspection objects to what it can read.
  const exchanges = dialogue.exchanges.filter(({ encrypted }) => !encrypted)
  const announcements = dialogue.announcements.filter(({ exchange }) => !exchange.encrypted)
  const recent = (sighting: Sighting) => sighting.frame < reset.frame && reset.time - sighting.time < PROVOCATION_NS
  const bare = exchanges.findLast((each) => each.lineEnd === 'lf' && recent(each))
  if (bare) return { provocation: { kind: 'bare-line-feed' }, evidence: commandEvidence(bare, 'ends in LF without CR') }
  const low = announcements.findLast((each) => each.port !== null && each.port < PRIVILEGED_PORTS && recent(each))
  if (low) {
    const evidence = announcementEvidence(low, 'port below 1024')
    return { provocation: { kind: 'privileged-port', port: low.port! }, evidence }
  }
  const piped = exchanges.findLast(
    (each, index) => each.command !== null && recent(each) && isPipelined(exchanges[index - 1], each),
  )
  if (piped) {
    const evidence = commandEvidence(piped, 'sent before the reply to the previous command')
    return { provocation: { kind: 'pipelined' }, evidence }
  }
  return null
}

function isPipelined(before: Exchange | undefined, command: Exchange): boolean {
  const reply = before?.command ? before.replies[0] : undefined
  return reply !== undefined && reply.frame > command.frame
}

function originWords({ kind, ttl, usualTtl }: Shown<ControlReset>): string {
  switch (kind) {
    case 'forged':
      if (!isOfOtherHop(ttl, usualTtl)) return 'That host did not send it: a middlebox forged it.'
      return `Its TTL of ${ttl} does not match that host's other packets (${usualTtl}): a middlebox forged it.`
    case 'both-ends': {
      const middlebox = 'which indicates a middlebox between them: no host answers a RST with a RST'
      return `Both ends were reset at the same moment, ${middlebox}.`
    }
    case 'host':
      return usualTtl === null
        ? `Its TTL is ${ttl}; no other packet from that host was captured for comparison.`
        : `Its TTL of ${ttl} matches that host's other packets.`
  }
}

function occasionWords({ provocation, silenceNs }: Shown<ControlReset>): string[] {
  if (provocation)
    return [`It followed ${provocationWords(provocation)}, which strict FTP inspection answers with a RST.`]
  if (silenceNs < TIMER_NS) return []
  return [`It came after ${seconds(silenceNs)} of silence, as when an idle timer expires.`]
}

function provocationWords(provocation: Provocation): string {
  switch (provocation.kind) {
    case 'bare-line-feed':
      return 'a line that ends in LF without CR'
    case 'privileged-port':
      return `an announcement of port ${provocation.port}`
    case 'pipelined':
      return 'a command sent before the reply to the previous one'
  }
}

function resetAsSeen({ client, server }: Session, reset: ResetSighting, usual: number | null): Evidence {
  const { address } = reset.direction === FROM_CLIENT ? client : server
  const looks = `TTL ${reset.hopLimit}, window ${reset.window}, IP ID ${reset.identification}`
  const compared = usual === null ? '' : `; TTL of its other packets ${usual}`
  return at(reset, `RST with source address ${address} (${looks}${compared})`)
}

/** A packet from the host with which the RST can be compared. */
function usualPacket({ control }: Session, { direction }: ResetSighting): Evidence[] {
  const flow = control.flows[direction]
  const packet = (direction === FROM_CLIENT ? control.syns[0] : control.synAcks[0]) ?? flow.firstData
  return packet ? [at(packet, `packet from the same host with TTL ${flow.hopLimit}`)] : []
}

function sideOf(kind: ControlReset['kind'], sender: ControlReset['sender']): Side {
  return kind === 'host' ? sender : 'path'
}

function confidenceOf(kind: ControlReset['kind'], usual: number | null, provoked: boolean): Confidence {
  if (kind !== 'host' || provoked) return 'high'
  return usual === null ? 'low' : 'medium'
}
