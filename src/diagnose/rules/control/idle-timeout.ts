import type { IdleEnd } from '../../facts/server-words.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  type CommandFact,
  commandFact,
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** A 421 after a silence. */
export interface IdleSession extends Fact, Ends {
  kind: 'idle'
  reply: ReplyFact
  /** Since the last activity on the control and data connections. */
  silenceNs: number
  /** The timer that expired, in seconds: as the server states, or the common one that fits; `null` if none does. */
  timer: number | null
  /** The client's next command, which came too late; `null` if there was none, or only QUIT. */
  next: CommandFact | null
}

/**
 * Default timers of servers, in seconds: 60 vsftpd accept, 120 IIS and FileZilla, 300 vsftpd and pyftpdlib, 600
 * ProFTPD, 900 Pure-FTPd.
 */
const USUAL_TIMERS = [60, 120, 180, 300, 600, 900, 1800, 3600]
/** A server closes within this fraction of the timer, or within a second. */
const TOLERANCE = 0.03

export const idleTimeout = defineRule<IdleSession>({
  id: 'idle-timeout',
  title: 'server closed an idle session',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  explains: ['control-idle-dropped'],
  references: ['RFC 959 §4.2.2 (421)', 'RFC 1123 §4.1.3.2 (idle timeout, at least 5 minutes)'],
  samples: { reports: 'made/idle-timeout.pcap', silent: 'made/idle-timeout--silent.pcap' },
  needs: ['refusal'],

  *check(session, { idleEnd: end }) {
    if (!end) return
    const next = session.dialogue.exchanges.find(
      ({ command, frame }) => command !== null && command !== 'QUIT' && frame > end.reply.frame,
    )
    const timer = timerOf(end)
    yield {
      fact: {
        kind: 'idle',
        ...endsOf(session),
        reply: replyFact(end.reply),
        silenceNs: end.silence,
        timer,
        next: next ? commandFact(next) : null,
      },
      confidence: end.inWords || timer !== null ? 'high' : 'medium',
      evidence: [
        replyEvidence(end.reply, `${seconds(end.silence)} after the last activity`),
        at(end.since, 'last activity'),
        ...(next ? [phraseEvidence(next, '', next.command!, ', after the server had closed the session')] : []),
      ],
    }
  },

  texts: {
    message({ client, server, reply, silenceNs, timer, next }) {
      const ended = `${endpointWords(server)} closed the session of ${client} after ${seconds(silenceNs)} of silence`
      const reason = timer === null ? '' : ` (its timer: ${timer} s)`
      const late = next ? ` The client's next command, ${next.command}, came too late.` : ''
      return `${ended}: "${replyWords(reply)}"${reason}.${late}`
    },
  },

  remedy: (_fact, { serverSoftware, clientSoftware }) => [
    serverRemedy(serverSoftware, 'increase the idle timeout', (s) => s.idleTimeout),
    `or ${clientRemedy(clientSoftware, 'send NOOP while idle, or open one connection per job', (c) => c.keepAlive)}`,
  ],
})

/** The timer that expired, in seconds: as the server states, or the common one that fits the silence. */
function timerOf(end: IdleEnd): number | null {
  const stated = /(\d{1,6})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?)\b/i.exec(end.reply.text)
  if (stated) return Number(stated[1]) * (stated[2]!.toLowerCase().startsWith('m') ? 60 : 1)
  const silence = end.silence / 1e9
  return USUAL_TIMERS.find((timer) => Math.abs(silence - timer) <= Math.max(1, timer * TOLERANCE)) ?? null
}
