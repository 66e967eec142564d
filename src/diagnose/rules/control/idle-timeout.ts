import type { ExpiredTimer } from '../../facts/expired-timer.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { timerSettings } from '../../remedies/timers.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { Quote, type Shown } from '../../words/quote.js'

/** A 421 of a timer that something would have reset. */
export interface IdleSession extends Fact, Ends {
  kind:
    | /** Nothing was sent. */ 'idle'
    | /** Commands that do not count were answered. */ 'keep-alive'
    | /** Only transfers count. */ 'no-transfer'
  reply: ReplyFact
  /** Since the last activity that counts. */
  silenceNs: number
  /** The timer that expired, in seconds: as the server states, or the common one that fits; `null` if none does. */
  timer: number | null
  /** Commands that were answered meanwhile and did not count, and their verbs, each once. */
  uncounted: number
  verbs: Quote
  /** The client sends NOOP while it is idle. */
  sendsNoop: boolean
  /** The client's next command, which came too late; `null` if there was none, or only QUIT. */
  next: CommandFact | null
}

const KINDS = { activity: 'idle', command: 'keep-alive', transfer: 'no-transfer' } as const

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

  *check(session, { expiredTimer: end }) {
    if (!end || end.start === 'control' || end.start === 'login' || end.start === 'connection') return
    const { exchanges } = session.dialogue
    const next = exchanges.find(
      ({ command, frame }) => command !== null && command !== 'QUIT' && frame > end.reply.frame,
    )
    const kind = KINDS[end.start]
    const timer = timerOf(end)
    const { uncounted } = end
    yield {
      fact: {
        kind,
        ...endsOf(session),
        reply: replyFact(end.reply),
        silenceNs: end.elapsed,
        timer,
        uncounted: uncounted.length,
        verbs: new Quote([...new Set(uncounted.map(({ command }) => command))].join(', ')),
        sendsNoop: exchanges.some(({ command }) => command === 'NOOP'),
        next: next ? commandFact(next) : null,
      },
      confidence: end.inWords || timer !== null ? 'high' : 'medium',
      evidence: [
        replyEvidence(end.reply, `${seconds(end.elapsed)} after the last ${SINCE[kind]}`),
        at(end.since, `last ${SINCE[kind]}`),
        ...uncounted.slice(-1).map((command) => commandEvidence(command, 'answered, and not counted')),
        ...(next ? [phraseEvidence(next, '', next.command!, ', after the server had closed the session')] : []),
      ],
    }
  },

  texts: {
    title: ({ kind }) => TITLES[kind],
    message(fact) {
      const { kind, client, server, reply, silenceNs, timer, next } = fact
      const closed = `${endpointWords(server)} closed the session of ${client}`
      const when =
        kind === 'idle' ? `${seconds(silenceNs)} of silence` : `${seconds(silenceNs)} without ${WITHOUT[kind]}`
      const reason = timer === null ? '' : ` (its timer: ${timer} s)`
      const late = next ? ` The client's next command, ${next.command}, came too late.` : ''
      return `${closed} after ${when}: "${replyWords(reply)}"${reason}.${uncountedWords(fact)}${late}`
    },
  },

  remedy({ kind, timer, sendsNoop }, { serverSoftware, clientSoftware }) {
    if (kind === 'no-transfer') {
      const settings = timerSettings(serverSoftware, ['no-transfer']) ?? 'its limit of the time without a transfer'
      return [
        `on the server: increase ${settings}`,
        'or in the client: request a listing now and then (a listing is a transfer), or open one connection per job',
      ]
    }
    const longer = serverRemedy(serverSoftware, 'increase the idle timeout', (s) => s.idleTimeout)
    if (kind === 'keep-alive')
      return [
        longer,
        'or in the client: keep the session open with a command that counts (STAT, or a listing) instead of those ' +
          'that do not, or open one connection per job',
      ]
    const often = timer === null ? 'at shorter intervals' : `more often than every ${timer} s`
    return [
      longer,
      sendsNoop
        ? `or in the client: send its NOOP ${often}, or open one connection per job`
        : `or ${clientRemedy(clientSoftware, 'send NOOP while idle, or open one connection per job', (c) => c.keepAlive)}`,
    ]
  },
})

const SINCE = { idle: 'activity', 'keep-alive': 'activity that counts', 'no-transfer': 'transfer' }
const WITHOUT = { 'keep-alive': 'a command that resets its timer', 'no-transfer': 'a transfer' }
const TITLES = {
  idle: null,
  'keep-alive': 'server does not count keep-alive commands',
  'no-transfer': 'server closed a session without transfers',
}

function uncountedWords({ kind, uncounted, verbs }: Shown<IdleSession>): string {
  if (kind === 'idle' || uncounted === 0) return ''
  const commands = uncounted === 1 ? '1 command' : `${uncounted} commands`
  const that = kind === 'no-transfer' ? 'only transfers reset this timer' : 'they do not reset this timer'
  return ` Meanwhile ${commands} (${verbs}) were answered, but ${that}.`
}

/** The timer that expired, in seconds: as the server states, or the common one that fits the silence. */
function timerOf({ stated, elapsed }: ExpiredTimer): number | null {
  if (stated !== null) return stated
  const silence = elapsed / 1e9
  return USUAL_TIMERS.find((timer) => Math.abs(silence - timer) <= Math.max(1, timer * TOLERANCE)) ?? null
}
