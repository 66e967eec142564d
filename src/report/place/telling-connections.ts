import type { PathConnectionReport, SessionPathReport, SessionReport } from '../contract.js'

/**
 * The connections of a path that show what happened, for a drawing: those of which a packet was lost, changed or made
 * between the places, and data connections that were never established; without any, the first.
 */
export function tellingConnections(
  { connections }: Pick<SessionPathReport, 'connections'>,
  session: Pick<SessionReport, 'dataChannels'>,
): PathConnectionReport[] {
  const failed = new Set(
    session.dataChannels.flatMap(({ state, connection }) =>
      connection && state !== 'established' ? [connection.tcpStream] : [],
    ),
  )
  // Another server got it: it is none of the session's own connections.
  const elsewhere = new Set(
    session.dataChannels.flatMap(({ id, state, connection }) => (connection || state === 'established' ? [] : [id])),
  )
  const telling = connections.filter(
    ({ packets, tcpStreams, dataChannel }) =>
      packets.some(hasFate) ||
      (dataChannel !== null && elsewhere.has(dataChannel)) ||
      tcpStreams.some((stream) => stream !== null && failed.has(stream)),
  )
  return telling.length > 0 ? telling : connections.slice(0, 1)
}

function hasFate({ end, start, became }: PathConnectionReport['packets'][number]): boolean {
  return end === 'lost' || start === 'injected' || became.length > 0
}
