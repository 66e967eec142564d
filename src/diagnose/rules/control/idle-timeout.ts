import type { Session } from '../../../correlate/model.js'
import { type Exchange, FROM_SERVER, hiddenFrom } from '../../../ftp/model.js'
import type { ExpiredTimer } from '../../facts/expired-timer.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { timerSettings } from '../../remedies/timers.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  type Evidence,
  phraseEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { Quote, type Shown } from '../../words/quote.js'

/** A timer that something would have reset ended the session. */
export interface IdleSession extends Fact, Ends {
  kind:
    | /** Nothing was sent. */ 'idle'
    | /** Nothing was sent, and the server closed without a 421. */ 'unannounced'
    | /** Commands that do not count were answered. */ 'keep-alive'
    | /** Only transfers count. */ 'no-transfer'
  /** The 421; `null` without one. */
  reply: ReplyFact | null
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

/** A silence is at least this long if nothing but the close of the connection shows that a timer ended it. */
const MIN_SILENCE_NS = 50e9
/** No timer is as short as this. */
const SHORT_NS = 1e9

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

  *check(session, facts) {
    const end = facts.expiredTimer
    if (!end) yield* unannounced(facts)
    if (!end || end.start === 'control' || end.start === 'login' || end.start === 'connection') return
    const next = nextCommand(session, end.reply)
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
        sendsNoop: sendsNoop(session),
        next: next ? commandFact(next) : null,
      },
      confidence: end.inWords || timer !== null ? 'high' : 'medium',
      evidence: [
        ...(end.elapsed < SHORT_NS
          ? ([replyEvidence(end.reply)] as const)
          : ([
              replyEvidence(end.reply, `${seconds(end.elapsed)} after the last ${SINCE[kind]}`),
              at(end.since, `last ${SINCE[kind]}`),
            ] as const)),
        ...uncounted.slice(-1).map((command) => commandEvidence(command, 'answered, and not counted')),
        ...(next ? [lateEvidence(next)] : []),
      ],
    }
  },

  texts: {
    title: ({ kind }) => TITLES[kind],
    message(fact) {
      const { client, server, reply, timer, next } = fact
      const closed = `${endpointWords(server)} closed the session of ${client}`
      const words = reply === null ? ', without a 421' : `: "${replyWords(reply)}"`
      const reason = timer === null ? '' : ` (its timer: ${timer} s)`
      const late = next ? ` The client's next command, ${next.command}, came too late.` : ''
      return `${closed} ${whenWords(fact)}${words}${reason}.${uncountedWords(fact)}${late}`
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
    if (kind === 'keep-alive') {
      const double = serverSoftware === null ? null : timerSettings(serverSoftware, ['keep-alive'])
      return [
        double === null ? longer : `on the server: increase ${double}`,
        'or in the client: keep the session open with a command that counts (STAT, or a listing) instead of those ' +
          'that do not, or open one connection per job',
      ]
    }
    const often = timer === null ? 'at shorter intervals' : `more often than every ${timer} s`
    return [
      longer,
      sendsNoop
        ? `or in the client: send its NOOP ${often}, or open one connection per job`
        : `or ${clientRemedy(clientSoftware, 'send NOOP while idle, or open one connection per job', (c) => c.keepAlive)}`,
    ]
  },
})

const SINCE = {
  idle: 'activity',
  unannounced: 'activity',
  'keep-alive': 'activity that counts',
  'no-transfer': 'transfer',
}
const WITHOUT = { 'keep-alive': 'a command that resets its timer', 'no-transfer': 'a transfer' }
const TITLES = {
  idle: null,
  unannounced: null,
  'keep-alive': 'server does not count keep-alive commands',
  'no-transfer': 'server closed a session without transfers',
}

/** A silence that began before the capture is longer than what the capture shows of it. */
function whenWords({ kind, silenceNs }: Shown<IdleSession>): string {
  if (kind === 'keep-alive' || kind === 'no-transfer') return `after ${seconds(silenceNs)} without ${WITHOUT[kind]}`
  return silenceNs < SHORT_NS ? 'when its timer expired' : `after ${seconds(silenceNs)} of silence`
}

/** Some servers close without a 421 (IIS): it matters if the client then finds the session closed. */
function* unannounced(facts: SessionFacts): Generator<Observation<IdleSession>> {
  const { session, closing } = facts
  if (closing?.direction !== FROM_SERVER || closing.how !== 'fin' || hiddenFrom(session.dialogue)) return
  if ((session.dialogue.exchanges.at(-1)?.frame ?? 0) < closing.frame) return
  const next = nextCommand(session, closing)
  if (!next || next.replies.length > 0) return
  const since = facts.lastActivityBefore(closing)
  const elapsed = closing.time - since.time
  const timer = elapsed < MIN_SILENCE_NS ? null : timerOf({ stated: null, elapsed })
  if (timer === null) return
  yield {
    fact: {
      kind: 'unannounced',
      ...endsOf(session),
      reply: null,
      silenceNs: elapsed,
      timer,
      uncounted: 0,
      verbs: new Quote(''),
      sendsNoop: sendsNoop(session),
      next: commandFact(next),
    },
    confidence: 'medium',
    evidence: [
      at(closing, `the server closes, ${seconds(elapsed)} after the last activity`),
      at(since, 'last activity'),
      lateEvidence(next),
    ],
    rivals: ['control-idle-dropped'],
  }
}

/** The next command after a packet, other than QUIT. */
function nextCommand({ dialogue }: Session, { frame }: { frame: number }): Exchange | null {
  return (
    dialogue.exchanges.find((each) => each.command !== null && each.command !== 'QUIT' && each.frame > frame) ?? null
  )
}

function lateEvidence(next: Exchange): Evidence {
  return phraseEvidence(next, '', next.command!, ', after the server had closed the session')
}

function sendsNoop({ dialogue }: Session): boolean {
  return dialogue.exchanges.some(({ command }) => command === 'NOOP')
}

function uncountedWords({ kind, uncounted, verbs }: Shown<IdleSession>): string {
  if (uncounted === 0) return ''
  const commands = uncounted === 1 ? `1 command (${verbs}) was` : `${uncounted} commands (${verbs}) were`
  const that =
    kind === 'no-transfer'
      ? 'only transfers reset this timer'
      : `${uncounted === 1 ? 'it does' : 'they do'} not reset this timer`
  return ` Meanwhile ${commands} answered, but ${that}.`
}

/** The timer that expired, in seconds: as the server states, or the common one that fits the silence. */
function timerOf({ stated, elapsed }: Pick<ExpiredTimer, 'stated' | 'elapsed'>): number | null {
  if (stated !== null) return stated
  const silence = elapsed / 1e9
  return USUAL_TIMERS.find((timer) => Math.abs(silence - timer) <= Math.max(1, timer * TOLERANCE)) ?? null
}
