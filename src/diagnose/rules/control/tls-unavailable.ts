import { type Exchange, finalReply, type Reply } from '../../../ftp/model.js'
import { requestsTls } from '../../../ftp/state/security.js'
import { senderOf } from '../../facts/control.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { faultRemedies } from '../../remedies/server-faults.js'
import { enableTlsOnServer, plainFtpInClient } from '../../remedies/tls-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** The client requested TLS, or Kerberos, the server refused it, and the client did not log in without it. */
export interface TlsUnavailable extends Fact, Ends {
  kind:
    /** The server has no TLS, or none for that mechanism. */ 'not-offered' | /** Its set-up is at fault. */ 'set-up'
  /** The last AUTH and its reply. */
  command: CommandFact
  reply: ReplyFact
  /** Every AUTH asked for a mechanism other than TLS, such as SSL (RFC 4217 §8). */
  otherMechanism: boolean
  /** Who closed the connection. */
  endedBy: 'client' | 'server'
  /** What was requested: GSSAPI stands for all mechanisms of RFC 2228 other than TLS. */
  mechanism: 'TLS' | 'GSSAPI'
}

export const tlsUnavailable = defineRule<TlsUnavailable>({
  id: 'tls-unavailable',
  title: 'server refuses TLS',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 2228 §3 (AUTH), §5.1 (431, 534)', 'RFC 4217 §4, §8'],
  samples: { reports: 'made/tls-unavailable.pcap', silent: 'made/tls-unavailable--silent.pcap' },
  needs: ['refusal'],

  *check(session, facts) {
    const { security, clientHello, opaqueFrom, login } = session.dialogue
    const { closing } = facts
    const auth = facts.auth ?? session.dialogue.exchanges.findLast(({ command }) => command === 'AUTH')
    if (!auth || !closing || security !== 'none' || clientHello || opaqueFrom || login === 'accepted') return
    const reply = finalReply(auth)
    if (!reply || reply.code < 400 || triesLogin(facts, auth)) return
    const tls = requestsTls(auth)
    const requests = session.dialogue.exchanges.filter((each) => (tls ? requestsTls(each) : each.command === 'AUTH'))
    const endedBy = senderOf(closing.direction)
    yield {
      fact: {
        kind: isSetUp(reply) ? 'set-up' : 'not-offered',
        ...endsOf(session),
        command: commandFact(auth),
        reply: replyFact(reply),
        otherMechanism: requests.every(({ argument }) => !/^TLS\b/i.test(argument?.trim() ?? '')),
        endedBy,
        mechanism: tls ? 'TLS' : 'GSSAPI',
      },
      confidence: 'high',
      evidence: [
        replyEvidence(reply),
        ...requests.map((request) => commandEvidence(request)),
        at(closing, `the ${endedBy} closes the connection without a login`),
      ],
    }
  },

  texts: {
    title: ({ mechanism }) => (mechanism === 'GSSAPI' ? 'server refuses GSSAPI' : null),
    message({ client, server, command, reply, endedBy, mechanism }) {
      const refused = `${endpointWords(server)} refused ${mechanism}: "${replyWords(reply)}" in reply to ${commandWords(command)}`
      const end = endedBy === 'client' ? `${client}, which does not log in without it, closed` : 'the server closed'
      return `${refused}; ${end} the connection.`
    },
  },

  remedy({ kind, otherMechanism, mechanism }, context) {
    if (mechanism === 'GSSAPI')
      return [
        'on the server: enable Kerberos (GSSAPI), with a key for the principal ftp/HOST or host/HOST in its keytab',
        'or in the client: allow a login by password, under TLS (MIT and Heimdal ftp: without -x; curl: without --krb)',
      ]
    if (kind === 'set-up') return [...faultRemedies('tls-setup', context.serverSoftware), `or ${plainFtpInClient()}`]
    return [
      ...(otherMechanism ? ['in the client: request AUTH TLS, the mechanism of RFC 4217'] : []),
      enableTlsOnServer(context),
      `or ${plainFtpInClient()}`,
      'if the server has TLS: a middlebox that inspects FTP may answer in its place; exempt port 21 from inspection',
    ]
  },
})

/** RFC 2228 §5.1 has 431 for a missing resource and 534 for policy; servers send the others when TLS does not start. */
const SET_UP_CODES = new Set([421, 431, 451, 454, 534, 550])

function isSetUp({ code }: Reply): boolean {
  return SET_UP_CODES.has(code)
}

/** A login after the refusal has a result of its own. */
function triesLogin({ session }: SessionFacts, { frame }: Exchange): boolean {
  return session.dialogue.exchanges.some((each) => each.frame > frame && each.command === 'USER')
}
