import { defineRule, madeGood } from '../../legacy.js'
import { amount, seconds } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import { opposite } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { at, commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'
import { addressOf, type Payload, payloadsOf } from '../../facts/payload.js'
import { type Side } from '../../rule.js'
import { dataTimerSettings, timerText } from '../../remedies/timers.js'

/** Shorter silences are pauses. */
const STALL_NS = 5e9
/** Where the capture ends in the silence, it must have lasted longer to be more than a pause. */
const OPEN_STALL_NS = 30e9
const SAYS_TIMEOUT = /time(?:d)?[ -]?out|stall|no transfer/i

export const transferStalled = defineRule({
  id: 'transfer-stalled',
  title: 'transfer stalled',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  explains: ['idle-timeout', 'packet-loss'],
  remedy: ['Look at the log of the side that fell silent, and at what keeps state on the way'],
  references: ['RFC 959 §4.2.2 (421, 426, 451)', 'RFC 9293 §3.8.3 (user timeout)', 'RFC 1123 §4.1.3.2'],
  samples: { reports: 'made/transfer-stalled.pcap', silent: 'made/transfer-stalled--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const payload of payloadsOf(session)) {
      const { channel, transfer, bytes, flow, connection, reply } = payload
      if (transfer.outcome === 'completed' || transfer.outcome === 'refused') continue
      const since = flow.lastData ?? connection.established
      if (!since) continue
      const end = endOf(session, payload)
      const silence = end.time - since.time
      if (silence < (end.open ? OPEN_STALL_NS : STALL_NS)) continue
      const timer =
        end.words === null
          ? null
          : timerText(session.dialogue.serverSoftware, silence / 1e9, ['data', 'stalled', 'idle'])
      const inWords = reply !== null && SAYS_TIMEOUT.test(reply.text)
      const culprit = whoStalled(session, payload)
      yield {
        ...(madeGood(session, channel) ? { severity: 'warning' as const } : {}),
        side: culprit.side,
        confidence: end.open ? 'low' : timer !== null || inWords ? 'high' : 'medium',
        message: `"${commandLine(transfer.command.exchange)}" came to a standstill after ${amount(bytes)}${
          transfer.command.expectedBytes === null ? '' : ` of ${amount(transfer.command.expectedBytes)}`
        }: ${culprit.words}, and after ${seconds(silence)} of silence ${end.what}${
          timer === null ? '' : ` (as long as ${timer})`
        }.`,
        evidence: [
          at(since, flow.lastData ? 'last new bytes' : 'the data connection is open, and no byte comes'),
          reply && end.words !== null
            ? replyEvidence(reply, `${seconds(silence)} later`)
            : at(end, `${end.what}, ${seconds(silence)} later`),
          ...culprit.evidence,
          commandEvidence(transfer.command.exchange),
        ],
        remedy: [
          culprit.remedy,
          `timers that end a silent transfer, on the server: ${dataTimerSettings(session.dialogue.serverSoftware)}`,
        ],
        rivals: flow.lastData === null ? ['path-mtu-blackhole'] : [],
        channel,
      }
    }
  },
})

interface End {
  frame: number
  time: number
  what: string
  /** The server's words, where they ended the silence. */
  words: string | null
  /** Nothing ended it: the capture did. */
  open: boolean
}

/** What ended the silence first. */
function endOf(session: Session, payload: Payload): End {
  const { connection, direction, flow, reply } = payload
  const ends: End[] = []
  // A server that has handed all bytes to its system says 226 and means nothing by it.
  if (reply && reply.code >= 400) {
    const words = replyLine(reply)
    ends.push({ frame: reply.frame, time: reply.time, what: `the server said "${words}"`, words, open: false })
  }
  // The sender's own FIN says that it has no more; whatever comes later is no longer about the data, unless some of it is on its way.
  if (flow.fin && !isHoled(payload)) {
    const who = addressOf(connection, direction)
    ends.push({ ...flow.fin, what: `${who} closed the data connection`, words: null, open: false })
  }
  const closing = closingOf(connection)
  if (closing) {
    const who = addressOf(connection, closing.direction)
    const how = closing.how === 'rst' ? 'reset' : 'closed'
    ends.push({ ...closing, what: `${who} ${how} the data connection`, words: null, open: false })
  }
  const control = closingOf(session.control)
  if (control) {
    const who = control.direction === 0 ? 'client' : 'server'
    ends.push({ ...control, what: `the ${who} closed the control connection`, words: null, open: false })
  }
  if (ends.length === 0)
    return {
      frame: session.control.last.frame,
      time: session.judgedAt,
      what: 'the capture ended',
      words: null,
      open: true,
    }
  return ends.reduce((first, end) => (end.time < first.time ? end : first))
}

/** Bytes before the FIN never came, and the receiver knows. */
function isHoled({ flow, taker }: Payload): boolean {
  return flow.firstHole >= 0 && taker.packets > 0 && flow.acknowledged <= flow.firstHole
}

interface Culprit {
  words: string
  side: Side
  evidence: { frame: number; note: string }[]
  remedy: string
}

/** Which side fell silent, as far as the packets show. */
function whoStalled(session: Session, payload: Payload): Culprit {
  const { connection, direction, flow, taker, sender, transfer } = payload
  const from = addressOf(connection, direction)
  const to = addressOf(connection, opposite(direction))
  const receiver = sender === 'client' ? 'server' : 'client'
  if (taker.firstShut && (taker.shutSince !== null || taker.shutTime >= STALL_NS)) {
    return {
      words: `${to} shut its receive window and no longer read`,
      side: receiver,
      evidence: [at(taker.firstShut, `receive window of ${to} is zero`)],
      remedy: `on the receiving host ${to}: find out why it stopped reading (full disk, virus scanner, hung program)`,
    }
  }
  if (flow.stuck && flow.acknowledged <= flow.stuck.offset) {
    return {
      words: `${from} sent the next bytes ${flow.stuck.times + 1} times and no acknowledgment came`,
      side: 'path',
      evidence: [at(flow.stuck.last, `bytes at offset ${flow.stuck.offset}, sent again`)],
      remedy: `between ${from} and ${to}: a firewall or NAT that lost the data connection's state, or a failed link`,
    }
  }
  const silent = `${from} sent nothing more`
  const since = (flow.lastData ?? connection.established!).time
  const farewell = taker.fin
  // Who closes and gets no answer speaks to a dead way; a sender that acknowledges the FIN is alive and had nothing to say.
  if (farewell && flow.lastTime < farewell.time) {
    return {
      words: `${silent}, and did not answer the FIN either`,
      side: session.control.flows[sender === 'client' ? 0 : 1].lastTime > since ? 'path' : 'unknown',
      evidence: [at(farewell, `FIN of ${to}, not acknowledged`)],
      remedy: `between ${from} and ${to}: a firewall or NAT that lost the data connection's state, or a failed link`,
    }
  }
  const alive = farewell !== null && flow.lastTime > farewell.time
  return {
    words: `${silent}${alive ? ', though its system still answers' : ''}`,
    side: alive || transfer.outcome === 'failed' || transfer.outcome === 'aborted' ? sender : 'unknown',
    evidence: [],
    remedy: `on the sending host ${from}: the program's log at that time (disk, database behind the file, hung process); a capture beside it tells whether it sent more`,
  }
}
