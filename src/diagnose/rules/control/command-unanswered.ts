import { defineRule, repliesOf, vantageOf, type Observation } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import type { Exchange } from '../../../ftp/model.js'
import { type Connection, Direction } from '../../../tcp/connection.js'
import { closingOf, lacksReplies, retransmittedAfter, unseenDirection } from '../../facts/control.js'
import { at, commandEvidence, commandLine, endpointText, replyEvidence } from '../../words/evidence.js'
import { isEstablished } from '../../facts/passive.js'

/** Clients that break off earlier had reasons of their own. */
const CLIENT_PATIENCE_NS = 5e9
/** A server that is silent for so long hangs, even if the capture ends before anybody gives up. */
const SERVER_SILENCE_NS = 30e9
/** A segment sent so often again is not merely delayed. */
const REPETITIONS = 2

export const commandUnanswered = defineRule({
  id: 'command-unanswered',
  title: 'command got no reply',
  severity: 'error',
  side: 'unknown',
  level: 'aftermath',
  question(_fact, { dialogue }, there) {
    const open = dialogue.exchanges.findLast(({ command, replies }) => command !== null && replies.length === 0)
    if (!open) return null
    return there === 'client'
      ? `does the answer to ${open.command!} (here #${open.frame}) arrive there`
      : `does ${open.command!} (here #${open.frame}) arrive there, and is it answered`
  },
  explains: ['capture-ends-inside', 'control-reset'],
  remedy: ["Look at the server's log and processes, or at the box that swallows the command"],
  references: ['RFC 959 §4.2, §5.4', 'RFC 9293 §3.8.1'],
  samples: { reports: 'made/command-unanswered.pcap', silent: 'made/command-unanswered--silent.pcap' },

  *check(session) {
    const { control, dialogue } = session
    if (lacksReplies(session) || unseenDirection(control) !== null) return
    // Commands under TLS are not seen, so neither is which of them waits.
    if (dialogue.opaqueFrom || dialogue.otherProtocol || dialogue.clientHello) return
    const waiting = firstWithoutReply(session)
    if (!waiting || waitsForData(session, waiting)) return
    if (control.flows[Direction.FromInitiator].acknowledged >= waiting.streamEnd)
      yield* unansweredByServer(session, waiting)
    else yield* undelivered(session, waiting)
  },
})

/** The command after which nothing came from the server any more; `null` when the last word was the server's. */
function firstWithoutReply(session: Session): Exchange | null {
  let answeredUntil = -Infinity
  for (const { reply } of repliesOf(session)) {
    // A server that said goodbye owes no replies, and one that is busy with a transfer may leave others waiting (RFC 959 §4.1.3).
    if (reply.code === 221 || reply.code === 421) return null
    if (reply.time > answeredUntil) answeredUntil = reply.time
  }
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.replies.at(-1)?.preliminary) return null
    // Many clients close behind QUIT without waiting, and some servers do so without 221.
    if (exchange.command === null || exchange.replies.length > 0 || exchange.command === 'QUIT') continue
    if (exchange.time >= answeredUntil) return exchange
  }
  return null
}

/**
 * Without its data connection a server may keep the reply to a transfer command until its own timer runs out (RFC 959 §5.4), and some
 * dial before they answer PORT: what became of that connection says more.
 */
function waitsForData(session: Session, waiting: Exchange): boolean {
  return session.channels.some((channel) => {
    if (isEstablished(channel) && !isForeign(session, channel.connection)) return false
    if (channel.transfer?.command.exchange === waiting) return true
    return channel.announcement?.exchange === waiting && channel.connection !== null
  })
}

function isForeign(session: Session, data: Connection | null): boolean {
  const { client, server } = session
  return data !== null && data.initiator.address !== client.address && data.initiator.address !== server.address
}

function* unansweredByServer(session: Session, waiting: Exchange): Generator<Observation> {
  const { control } = session
  const closing = closingOf(control)
  const waited = (closing?.time ?? session.judgedAt) - waiting.time
  const byServer = closing?.direction === Direction.FromResponder
  // A RST in the server's name is judged by its origin.
  if (byServer && closing.how === 'rst') return
  if (waited < (closing ? (byServer ? 0 : CLIENT_PATIENCE_NS) : SERVER_SILENCE_NS)) return
  const server = endpointText(control.responder.address, control.responder.port)
  const passive = session.channels.at(-1)?.mode !== 'active'
  const wantsData = session.channels.some(
    (c) => c.transfer?.command.exchange === waiting || c.announcement?.exchange === waiting,
  )
  yield {
    side: 'server',
    confidence: closing && !wantsData ? 'high' : 'medium',
    message: `${server} acknowledged "${commandLine(waiting)}" and never replied; ${
      !closing
        ? `it is still silent ${seconds(waited)} later, where the capture ends`
        : byServer
          ? `it closed the connection after ${seconds(waited)}`
          : `${control.initiator.address} gave up after ${seconds(waited)}`
    }. The path works in both directions: the server program hangs, or something before it answers in its place.`,
    evidence: [
      commandEvidence(waiting, 'acknowledged, no reply'),
      ...lastWord(session),
      closing
        ? at(closing, `the ${byServer ? 'server' : 'client'} closes after ${seconds(waited)}`)
        : at(control.last, 'last packet of the connection'),
    ],
    remedy: [
      `on ${control.responder.address}: see what the FTP server does at ${waiting.command!} (its log, strace of its process): a file system or authentication back end that hangs, a script, a crash`,
      'or a proxy in between that acknowledges for the server: capture behind it',
    ],
    ...(wantsData ? { rivals: [passive ? 'data-peer-mismatch' : 'active-not-attempted'] as const } : {}),
  }
}

function* undelivered(session: Session, waiting: Exchange): Generator<Observation> {
  const { control } = session
  const closing = closingOf(control)
  if (closing?.how === 'rst' && closing.direction === Direction.FromResponder) return
  const repeated = retransmittedAfter(control, Direction.FromInitiator, waiting.time)
  if (repeated.length < REPETITIONS) return
  const lastTry = repeated.at(-1)!
  const atServer = vantageOf(session).at === 'server'
  yield {
    side: atServer ? 'server' : 'path',
    confidence: repeated.length > REPETITIONS ? 'high' : 'medium',
    message: `"${commandLine(waiting)}" of ${control.initiator.address} to ${endpointText(control.responder.address, control.responder.port)} was sent again ${times(repeated.length)} in ${seconds(lastTry.time - waiting.time)} and never acknowledged${
      atServer ? ', although it was captured beside the server' : ': it does not reach the server'
    }, while the packets before it did.`,
    evidence: [
      commandEvidence(waiting, 'never acknowledged'),
      ...repeated.map((sighting) =>
        at(sighting, `sent again ${seconds(sighting.time - waiting.time)} after the command`),
      ),
      ...lastWord(session),
    ],
    remedy: [
      `look at what inspects FTP between ${control.initiator.address} and ${control.responder.address} (inspect ftp, ALG, conntrack helper, intrusion prevention): a box that drops segments with ${waiting.command!}; switch its FTP inspection off to compare`,
      'to settle it: capture at the server at the same time; the command that is missing there was swallowed in between',
    ],
    rivals: ['control-idle-dropped'],
  }
}

function lastWord(session: Session): ReturnType<typeof replyEvidence>[] {
  const last = [...repliesOf(session)].at(-1)
  return last ? [replyEvidence(last.reply, 'last reply')] : []
}
