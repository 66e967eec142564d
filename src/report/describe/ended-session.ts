import type { Clock } from '../../capture/time.js'
import type { Session } from '../../correlate/model.js'
import { judge } from '../../diagnose/judge.js'
import { type SessionTraits, traitsOf } from '../../diagnose/facts/session-traits.js'
import type { SessionReport } from '../contract.js'
import { describeSession } from './describe.js'
import { redactSession } from './redact.js'

/** What is left of a session when it is over: plain values, its report as it is shown. */
export interface EndedSession {
  report: SessionReport
  traits: SessionTraits
}

export function endSession(session: Session, clock: Clock, showSecrets: boolean): EndedSession {
  const report = describeSession(judge(session), clock)
  return { report: showSecrets ? report : redactSession(report), traits: traitsOf(session) }
}

/** The same session behind so many others and so many connections. */
export function renumbered({ report, traits }: EndedSession, sessions: number, streams: number): EndedSession {
  return {
    traits,
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
