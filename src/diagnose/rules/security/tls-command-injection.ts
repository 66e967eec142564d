import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
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

/** Injected commands that are shown as evidence. */
const SHOWN = 4

const EMPTIES_BUFFER =
  'a version that empties its buffer at AUTH (Pure-FTPd from 1.0.30, ProFTPD from 1.3.4rc2, vsftpd from 2.3.5)'

/** Commands in clear text between AUTH and the handshake. */
interface InjectedCommands extends Fact {
  kind: 'commands'
  count: number
  first: CommandFact
  /** The first came in the segment of AUTH. */
  sameSegment: boolean
}

/** A reply in clear text in the segment of the 234. */
interface InjectedReply extends Fact {
  kind: 'reply'
  reply: ReplyFact
}

type Injection = InjectedCommands | InjectedReply

export const tlsCommandInjection = defineRule<Injection>({
  id: 'tls-command-injection',
  title: 'plaintext injected at the start of TLS',
  severity: 'error',
  side: 'unknown',
  level: 'cause',
  references: [
    'RFC 4217 §4, §15.1',
    'RFC 3207 §6',
    'CVE-2011-0411, CVE-2011-1575 (STARTTLS injection, Pure-FTPd)',
    'CVE-2021-22947 (curl)',
  ],
  samples: { reports: 'made/tls-command-injection.pcap', silent: 'made/tls-command-injection--silent.pcap' },
  needs: ['tls'],
  *check(session) {
    for (const auth of session.dialogue.exchanges) {
      const agreed = auth.command === 'AUTH' ? auth.replies.find(({ code }) => code === 234) : undefined
      const observation = agreed && (injectedCommands(session, auth, agreed) ?? injectedReply(session, auth, agreed))
      if (observation) yield observation
    }
  },
  texts: {
    message(fact) {
      if (fact.kind === 'reply') {
        const said = `the server's side said "${replyWords(fact.reply)}" in clear text`
        const danger = 'A client that keeps it takes it for an answer under TLS.'
        return `Behind the 234, in the same segment and before the handshake, ${said}. ${danger}`
      }
      const { count, first, sameSegment } = fact
      const came = `${count === 1 ? 'a command' : `${count} commands`} came in clear text`
      const place = sameSegment ? ', in the same segment' : ''
      const danger = 'A server that keeps them runs them as if they had come under TLS.'
      return `Behind AUTH TLS and before the handshake ${came}${place}: "${commandWords(first)}". ${danger}`
    },
  },
  remedy: ({ kind }, { serverSoftware }) => [
    kind === 'commands'
      ? `on the server (${serverSoftware ?? 'its software'}): ${EMPTIES_BUFFER}`
      : 'in the client: a version that refuses replies behind the 234 (curl from 7.79.0)',
    'capture at the sender: if it did not send this, somebody on the way put it in',
  ],
})

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
    // A client that does not wait sends what it would say anyway; a segment of its own says the same.
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
    evidence: [replyEvidence(reply, 'in clear text, behind the 234'), ...agreement(auth, agreed)],
  }
}

/** AUTH, and the 234 that agreed to it. */
function agreement(auth: Exchange, agreed: Reply): Evidence[] {
  return [commandEvidence(auth), replyEvidence(agreed)]
}
