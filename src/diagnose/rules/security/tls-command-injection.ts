import { defineRule } from '../../legacy.js'
import type { Session } from '../../../correlate/model.js'
import type { Exchange, Reply } from '../../../ftp/model.js'
import { commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'

export const tlsCommandInjection = defineRule({
  id: 'tls-command-injection',
  title: 'plaintext injected at the start of TLS',
  severity: 'error',
  side: 'unknown',
  level: 'cause',
  remedy: [
    'Server and client must throw away what they hold when TLS starts (RFC 4217 §4): update both; if neither sent this, somebody on the way did',
  ],
  references: [
    'RFC 4217 §4, §15.1',
    'RFC 3207 §6',
    'CVE-2011-0411, CVE-2011-1575 (STARTTLS injection, Pure-FTPd)',
    'CVE-2021-22947 (curl)',
  ],
  samples: { reports: 'made/tls-command-injection.pcap', silent: 'made/tls-command-injection--silent.pcap' },
  needs: ['tls'],

  *check(session) {
    for (const { auth, agreed } of starts(session)) {
      const commands = session.dialogue.exchanges.filter(
        (e) => e.command !== null && e !== auth && e.streamStart >= auth.streamEnd && e.frame <= agreed.frame,
      )
      const replies = repliesBehind(session, auth, agreed)
      const first = commands[0] ?? null
      if (!first && replies.length === 0) continue
      const said = replies[0] ?? null
      // A client that does not wait sends what it would say anyway; a segment of its own says the same.
      yield {
        side: first ? 'client' : 'server',
        confidence: first && first.frame === auth.frame ? 'high' : 'medium',
        message: first
          ? `Behind AUTH TLS and before the handshake ${commands.length === 1 ? 'a command' : `${commands.length} commands`} came in clear text${
              first.frame === auth.frame ? ', in the same segment' : ''
            }: "${commandLine(first)}". A server that keeps them runs them as if they had come under TLS.`
          : `Behind the 234, in the same segment and before the handshake, the server's side said "${replyLine(said!)}" in clear text. A client that keeps it takes it for an answer under TLS.`,
        evidence: [
          ...(first
            ? [commandEvidence(first, 'in clear text, before the handshake')]
            : [replyEvidence(said!, 'in clear text, behind the 234')]),
          commandEvidence(auth),
          replyEvidence(agreed),
          ...commands.slice(1, 4).map((command) => commandEvidence(command)),
        ] as [ReturnType<typeof commandEvidence>, ...ReturnType<typeof commandEvidence>[]],
        remedy: [
          first
            ? `on the server (${session.dialogue.serverSoftware ?? 'its software'}): a version that empties its buffer at AUTH (Pure-FTPd from 1.0.30, ProFTPD from 1.3.4rc2, vsftpd from 2.3.5)`
            : 'in the client: a version that refuses replies behind the 234 (curl from 7.79.0)',
          'capture at the sender: if it did not send this, somebody on the way put it in',
        ],
      }
    }
  },
})

/** AUTH with the 234 that agreed to it. */
function* starts(session: Session): Generator<{ auth: Exchange; agreed: Reply }> {
  for (const auth of session.dialogue.exchanges) {
    const agreed = auth.command === 'AUTH' ? auth.replies.find(({ code }) => code === 234) : undefined
    if (agreed) yield { auth, agreed }
  }
}

/** Replies in the 234's own segment. */
function repliesBehind(session: Session, auth: Exchange, agreed: Reply): Reply[] {
  const opaque = session.dialogue.opaqueFrom?.frame ?? Infinity
  return session.dialogue.exchanges.flatMap(({ replies }) =>
    replies.filter(
      (r) =>
        r !== agreed &&
        r.frame === agreed.frame &&
        r.frame < opaque &&
        !auth.replies.slice(0, auth.replies.indexOf(agreed)).includes(r),
    ),
  )
}
