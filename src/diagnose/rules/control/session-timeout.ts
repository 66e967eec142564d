import type { ExpiredTimer } from '../../facts/expired-timer.js'
import { timerSettings, type TimerKind } from '../../remedies/timers.js'
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
import { seconds } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** A 421 of a timer that runs although the session is in use. */
export interface LimitedSession extends Fact, Ends {
  kind:
    | /** The whole session, however busy. */ 'session'
    | /** Until the login is complete. */ 'login'
    | /** The control connection alone, while data flows. */ 'control'
  reply: ReplyFact
  elapsedNs: number
  /** The length of the timer as the reply states it, in seconds; `null` if it does not. */
  timer: number | null
  /** The transfer that was running; `null` if there was none. */
  interrupted: CommandFact | null
  /** The client had sent USER. */
  loggingIn: boolean
}

const KINDS = { login: 'session', connection: 'login', control: 'control' } as const

export const sessionTimeout = defineRule<LimitedSession>({
  id: 'session-timeout',
  title: 'time limit of the server ended a session in use',
  severity: 'error',
  side: 'server',
  level: 'effect',
  explains: ['transfer-reset', 'control-reset', 'command-unanswered', 'login-incomplete'],
  references: ['RFC 959 §4.2.2 (421)', 'RFC 1123 §4.1.3.2 (idle timeout)'],
  samples: { reports: 'made/session-timeout.pcap', silent: 'made/session-timeout--silent.pcap' },
  needs: ['refusal'],

  *check(session, { expiredTimer: end }) {
    const kind = end && kindOf(end)
    if (!kind) return
    const { reply, since, elapsed, stated, interrupted } = end
    const transfer = interrupted?.transfer?.command.exchange ?? null
    const loggingIn = session.dialogue.user !== null
    yield {
      fact: {
        kind,
        ...endsOf(session),
        reply: replyFact(reply),
        elapsedNs: elapsed,
        timer: stated,
        interrupted: transfer && commandFact(transfer),
        loggingIn,
      },
      severity: transfer || (kind === 'login' && loggingIn) ? 'error' : 'warning',
      side: kind === 'login' ? 'client' : 'server',
      confidence: 'high',
      evidence: [
        replyEvidence(reply, `${seconds(elapsed)} later`),
        at(since, SINCE[kind]),
        ...(transfer ? [commandEvidence(transfer, 'was running')] : []),
      ],
      ...(interrupted ? { channel: interrupted } : {}),
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'login' ? 'login not complete within the time limit of the server' : null),
    message(fact) {
      const { client, server, reply, timer } = fact
      const limit = timer === null ? '' : ` (its timer: ${timer} s)`
      return `${endpointWords(server)} closed the session of ${client} ${reasonWords(fact)}: "${replyWords(reply)}"${limit}.`
    },
  },

  remedy({ kind, loggingIn }, { serverSoftware }) {
    const own = `on the server${serverSoftware === null ? '' : ` (${serverSoftware})`}`
    const settings = timerSettings(serverSoftware, SETTINGS[kind])
    const increase = `${own}: increase ${settings ?? MEANINGS[kind]}`
    switch (kind) {
      case 'session':
        return [
          `${increase}, or remove that limit`,
          'or in the client: spread the work over several sessions, or reconnect and continue where it ended',
        ]
      case 'login':
        return [
          loggingIn
            ? 'in the client: send the password without waiting for the user'
            : 'in the client: send USER and PASS right after the greeting, or do not connect before they are known',
          `or ${increase}`,
        ]
      case 'control':
        return [
          `${increase} to more than the longest transfer takes: it does not count data`,
          'or in the client: transfer large files in parts',
        ]
    }
  },
})

const SETTINGS: Readonly<Record<LimitedSession['kind'], readonly TimerKind[]>> = {
  session: ['session'],
  login: ['login'],
  control: ['idle'],
}
const MEANINGS = {
  session: 'its limit of the duration of a session',
  login: 'its limit of the time until the login',
  control: 'its idle timeout',
}
const SINCE = { session: 'login accepted', login: 'connection open', control: 'last command or reply' }

function kindOf({ start }: ExpiredTimer): LimitedSession['kind'] | null {
  return start === 'login' || start === 'connection' || start === 'control' ? KINDS[start] : null
}

function reasonWords({ kind, elapsedNs, interrupted }: Shown<LimitedSession>): string {
  const elapsed = seconds(elapsedNs)
  const transfer = interrupted ? `"${commandWords(interrupted)}" was running` : 'it was in use'
  switch (kind) {
    case 'session':
      return `${elapsed} after the login, although ${transfer}: the limit applies to the whole session`
    case 'login':
      return `${elapsed} after it was opened, since the login was not complete`
    case 'control':
      return `${elapsed} after the last command or reply, although data was flowing (${transfer})`
  }
}
