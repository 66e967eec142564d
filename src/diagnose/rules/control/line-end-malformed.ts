import { type Exchange, FROM_CLIENT, finalReply, type LineEnd, type Reply } from '../../../ftp/model.js'
import { senderOf } from '../../facts/control.js'
import { lacksReplies } from '../../facts/holes.js'
import { isEstablished } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** What the end of the message lacks; `last-line` is that of a multi-line reply. */
type Lack = Exclude<LineEnd, 'crlf'> | 'last-line'

interface Waiting extends Fact {
  lack: Lack
  waitedNs: number
  /** Who closed the connection in the end; `null` if it was still open when the capture ended. */
  endedBy: 'client' | 'server' | null
}

/** The client waits for the end of a reply. */
export interface EndlessReply extends Waiting {
  kind: 'reply'
  reply: ReplyFact
  /** The command that it answers; `null` for the greeting. */
  command: CommandFact | null
}

/** The server waits for the end of a command. */
export interface EndlessCommand extends Waiting {
  kind: 'command'
  command: CommandFact
}

/** Whoever waited this long has waited for more bytes. */
const PATIENCE_NS = 5e9
/** The same, if neither side closed before the capture ended. */
const SILENCE_NS = 30e9
/** The server says goodbye (RFC 959 §4.2.2): nobody answers that. */
const GOODBYES = [221, 421]

export const lineEndMalformed = defineRule<EndlessReply | EndlessCommand>({
  id: 'line-end-malformed',
  title: 'line or reply without its proper end',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 959 §4.2 (multi-line replies), §5.3.1 (end of line)', 'RFC 854 (the Telnet end of line)'],
  samples: { reports: 'made/line-end-malformed.pcap', silent: 'made/line-end-malformed--silent.pcap' },
  needs: ['irregular'],

  *check(session, facts) {
    const { control, dialogue } = session
    if (control.midstream || facts.unseen !== null || facts.hidden || dialogue.otherProtocol) return
    const found = endlessReply(facts) ?? endlessCommand(facts)
    if (found) yield found
  },

  texts: {
    message(fact) {
      const { lack, waitedNs, endedBy } = fact
      const end = endedBy === null ? 'nothing followed' : `the ${endedBy} closed the connection`
      const then = `${end} ${endedBy === null ? `for ${seconds(waitedNs)}` : `${seconds(waitedNs)} later`}`
      if (fact.kind === 'command') {
        const command = `The client's command "${commandWords(fact.command)}" (#${fact.command.frame}) ${LACKS[lack]}`
        return `${command}. The server acknowledged it and waited for more; ${then}.`
      }
      const name = fact.command ? `The reply to ${commandWords(fact.command)}` : 'The greeting'
      const sent = `${name} (${fact.reply.code}, #${fact.reply.frame}) ${LACKS[lack]}`
      return `${sent}. The client acknowledged it and sent nothing more: it waits for the end of the reply; ${then}.`
    },
  },

  remedy({ kind, lack }, { serverSoftware, clientSoftware }) {
    if (kind === 'command') {
      const client = clientSoftware === null ? '' : ` (${clientSoftware})`
      return [`in the client${client}: end each command with CR LF (a script must write \\r\\n)`, 'or update it']
    }
    const server = `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}`
    if (lack === 'last-line')
      return [`${server}: end the reply with a line of the same code and a space (banner file, script, module)`]
    return [
      `${server}: end each line with CR LF (\\r\\n), not LF alone; update it`,
      'or use a client that accepts LF alone, or one that does not send this command',
    ]
  },
})

const LACKS: Readonly<Record<Lack, string>> = {
  lf: 'ends in LF without CR, where CR LF is required',
  none: 'has no line end (CR LF)',
  'last-line': 'is a multi-line reply without its last line (the code and a space)',
}

function lackOf({ lineEnd, unfinished }: Reply): Lack | null {
  if (unfinished) return 'last-line'
  return lineEnd === 'crlf' ? null : lineEnd
}

/** The last reply lacks its proper end, as none did before after which the client continued. */
function endlessReply(facts: SessionFacts): Observation<EndlessReply> | null {
  const { replies, session } = facts
  const last = replies.findLast(({ exchange, reply }) => exchange.command !== 'QUIT' && !GOODBYES.includes(reply.code))
  const lack = last ? lackOf(last.reply) : null
  if (!last || !lack || lacksReplies(session)) return null
  const { exchange, reply } = last
  if (reply.preliminary && exchange.command !== null) return null
  // Between transfers a user may simply be idle.
  if (session.channels.some(isEstablished)) return null
  if (replies.some((other) => other.reply !== reply && lackOf(other.reply) === lack)) return null
  const next = session.dialogue.exchanges.find(({ command, frame }) => command !== null && frame > reply.frame)
  if (next && (next.command !== 'QUIT' || next.time - reply.time < PATIENCE_NS)) return null
  const waiting = waitingSince(facts, reply)
  if (!waiting) return null
  return {
    fact: {
      kind: 'reply',
      reply: replyFact(reply),
      command: exchange.command === null ? null : commandFact(exchange),
      lack,
      ...waiting,
    },
    confidence: 'medium',
    evidence: [replyEvidence(reply, LACKS[lack]), ...endEvidence(facts, waiting.waitedNs)],
    rivals: ['control-idle-dropped'],
  }
}

/** The first command without CR LF got no reply, although the server acknowledged it. */
function endlessCommand(facts: SessionFacts): Observation<EndlessCommand> | null {
  const { session, replies } = facts
  const endless = session.dialogue.exchanges.find(isEndless)
  if (!endless || endless.lineEnd === 'crlf' || lacksReplies(session)) return null
  if (session.control.flows[FROM_CLIENT].acknowledged < endless.streamEnd) return null
  const isAnswer = ({ exchange, reply }: (typeof replies)[number]) =>
    exchange === endless || (reply.time > endless.time && !GOODBYES.includes(reply.code))
  if (replies.some((each) => isAnswer(each) && each.reply !== timeout(endless))) return null
  const waiting = waitingSince(facts, endless)
  if (!waiting) return null
  return {
    fact: { kind: 'command', command: commandFact(endless), lack: endless.lineEnd, ...waiting },
    side: 'client',
    confidence: endless.lineEnd === 'none' ? 'high' : 'medium',
    evidence: [commandEvidence(endless, LACKS[endless.lineEnd]), ...endEvidence(facts, waiting.waitedNs)],
    rivals: ['command-unanswered'],
  }
}

function isEndless({ command, lineEnd }: Exchange): boolean {
  return command !== null && lineEnd !== 'crlf'
}

/** The 421 of the idle timer, which is counted as the reply to the command that the server still waits for. */
function timeout(exchange: Exchange): Reply | null {
  const reply = finalReply(exchange)
  return reply && GOODBYES.includes(reply.code) ? reply : null
}

function waitingSince(facts: SessionFacts, message: Exchange | Reply): Pick<Waiting, 'waitedNs' | 'endedBy'> | null {
  const waitedNs = facts.waitedSince(message)
  const { closing } = facts
  if (waitedNs < (closing ? PATIENCE_NS : SILENCE_NS)) return null
  return { waitedNs, endedBy: closing && senderOf(closing.direction) }
}

function endEvidence({ closing, session }: SessionFacts, waitedNs: number): Evidence[] {
  const end = closing
    ? at(closing, `the ${senderOf(closing.direction)} closes the connection after ${seconds(waitedNs)}`)
    : at(session.control.last, 'last packet of the connection')
  return [end]
}
