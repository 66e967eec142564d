import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { requestsTls } from '../../../ftp/state/security.js'
import { unlessCaptured } from '../../remedies/unless-captured.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** Injected commands shown as evidence. */
const SHOWN = 4

/** Clear-text commands between AUTH and the handshake. */
export interface InjectedCommands extends Fact {
  kind: 'commands'
  count: number
  first: CommandFact
  /** The first was sent in the same segment as AUTH. */
  sameSegment: boolean
}

/** A clear-text reply in the same segment as the 234. */
export interface InjectedReply extends Fact {
  kind: 'reply'
  reply: ReplyFact
}

export type Injection = InjectedCommands | InjectedReply

export const tlsCommandInjection = defineRule<Injection>({
  id: 'tls-command-injection',
  title: 'plaintext injected at the start of TLS',
  severity: 'error',
  side: 'unknown',
  level: 'cause',
  references: [
    'RFC 4217 §4',
    'RFC 3207 §6',
    'CVE-2011-0411, CVE-2011-1575 (STARTTLS injection, Pure-FTPd)',
    'CVE-2021-22947 (curl)',
  ],
  samples: { reports: 'made/tls-command-injection.pcap', silent: 'made/tls-command-injection--silent.pcap' },
  needs: ['tls'],
  *check(session) {
    for (const auth of session.dialogue.exchanges) {
      const agreed = requestsTls(auth) ? auth.replies.find(({ code }) => code === 234) : undefined
      const observation = agreed && (injectedCommands(session, auth, agreed) ?? injectedReply(session, auth, agreed))
      if (observation) yield observation
    }
  },
  texts: {
    message(fact) {
      if (fact.kind === 'reply') {
        const sent = `the server's side sent "${replyWords(fact.reply)}" in clear text`
        const danger = 'A client that keeps it treats it as a reply received under TLS.'
        return `After the 234, in the same segment and before the handshake, ${sent}. ${danger}`
      }
      const { count, first, sameSegment } = fact
      const sent = `${count === 1 ? 'a command was' : `${count} commands were`} sent in clear text`
      const place = sameSegment ? ', in the same segment' : ''
      const them = count === 1 ? 'it' : 'them'
      const danger = `A server that keeps ${them} executes ${them} as if received under TLS.`
      return `After AUTH TLS and before the handshake ${sent}${place}: "${commandWords(first)}". ${danger}`
    },
  },
  remedy: ({ kind }, context) => [
    kind === 'commands'
      ? `on the server${context.serverSoftware === null ? '' : ` (${context.serverSoftware})`}: ${SAFE_SERVERS}`
      : 'in the client: use a version that rejects replies after the 234 (curl from 7.79.0)',
    ...unlessCaptured(
      context,
      kind === 'commands' ? 'client' : 'server',
      'capture at the sender: if it did not send this, it was injected on the path',
    ),
  ],
})

const SAFE_SERVERS = 'use a version that clears its buffer at AUTH (Pure-FTPd from 1.0.30, ProFTPD from 1.3.4rc2)'

function injectedCommands({ dialogue }: Session, auth: Exchange, agreed: Reply): Observation<InjectedCommands> | null {
  const commands = dialogue.exchanges.filter(
    (each) =>
      each.command !== null && each !== auth && each.streamStart >= auth.streamEnd && each.frame <= agreed.frame,
  )
  const [first, ...others] = commands
  if (!first) return null
  const sameSegment = first.frame === auth.frame
  return {
    fact: { kind: 'commands', count: commands.length, first: commandFact(first), sameSegment },
    side: 'client',
    // A client that does not wait for the 234 may send its next command early, in a segment of its own.
    confidence: sameSegment ? 'high' : 'medium',
    evidence: [
      commandEvidence(first, 'in clear text, before the handshake'),
      ...agreement(auth, agreed),
      ...others.slice(0, SHOWN - 1).map((command) => commandEvidence(command)),
    ],
  }
}

function injectedReply({ dialogue }: Session, auth: Exchange, agreed: Reply): Observation<InjectedReply> | null {
  const opaque = dialogue.opaqueFrom?.frame ?? Infinity
  const before = auth.replies.slice(0, auth.replies.indexOf(agreed))
  const reply = dialogue.exchanges
    .flatMap(({ replies }) => replies)
    .find((each) => each !== agreed && each.frame === agreed.frame && each.frame < opaque && !before.includes(each))
  if (!reply) return null
  return {
    fact: { kind: 'reply', reply: replyFact(reply) },
    side: 'server',
    confidence: 'medium',
    evidence: [replyEvidence(reply, 'in clear text, after the 234'), ...agreement(auth, agreed)],
  }
}

/** AUTH, and the 234 that agreed to it. */
function agreement(auth: Exchange, agreed: Reply): Evidence[] {
  return [commandEvidence(auth), replyEvidence(agreed)]
}
