import type { Clock } from '../../capture/time.js'
import type { Session } from '../../correlate/model.js'
import { judge } from '../../diagnose/judge.js'
import { type SessionTotals, totalsOf } from '../../diagnose/facts/session-traits.js'
import type { SessionReport } from '../contract.js'
import { describeSession } from './describe.js'
import { redactSession } from './redact.js'

/** What is left of a session when it is over: plain values, its report as it is shown. */
export interface EndedSession {
  report: SessionReport
  totals: SessionTotals
}

export function endSession(session: Session, clock: Clock, showSecrets: boolean): EndedSession {
  const report = describeSession(judge(session), clock, (text) => text)
  return { report: showSecrets ? report : redactSession(report), totals: totalsOf(session) }
}

/** The same session behind so many others and so many connections. */
export function renumbered({ report, totals: traits }: EndedSession, sessions: number, streams: number): EndedSession {
  return {
    totals: traits,
    report: {
      ...report,
      id: report.id + sessions,
      tcpStream: report.tcpStream + streams,
      dataChannels: report.dataChannels.map((channel) => ({
        ...channel,
        connection: channel.connection && {
          ...channel.connection,
          tcpStream: channel.connection.tcpStream + streams,
        },
      })),
    },
  }
}
