import type { Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import { buildChannels } from './channels.js'
import type { Answers } from './fit.js'
import { expectedFromListings } from './listing-sizes.js'
import type { Session, Surroundings } from './model.js'
import type { OpenSession } from './open-session.js'

/** RFC 1413. */
const IDENT_PORT = 113

/** The session as the next stage judges it, with what the capture shows around it. */
export function toSession(
  open: OpenSession,
  around: Pick<Session, 'judgedAt'> & Pick<Surroundings, 'otherTraffic' | 'sameHosts' | 'sameSession'>,
): Session {
  const { id, control, ftp, pair, unexplained } = open
  const { dialogue } = ftp
  const answers = new Map(open.expectations.map((expectation) => [expectation.announcement, expectation.answers]))
  expectListedSizes(dialogue, answers)
  const isIdent = (connection: Connection) => connection.responder.port === IDENT_PORT
  const data = open.dataConnections()
  return {
    id,
    control,
    client: control.initiator,
    server: control.responder,
    dialogue,
    channels: buildChannels(
      control,
      dialogue,
      answers,
      unexplained.filter((connection) => !isIdent(connection)),
    ),
    cutOff: control.closedBy === null && !saidGoodbye(dialogue),
    judgedAt: around.judgedAt,
    surroundings: {
      otherConnectionsBetweenHosts: pair.otherConnections || data.length > 0,
      otherTraffic: around.otherTraffic,
      sameHosts: around.sameHosts,
      ident: unexplained.filter(isIdent),
      duplicateShare: duplicateShare([control, ...data]),
      sameSession: around.sameSession,
    },
    places: open.places,
  }
}

/** Completes the transfer commands by what only the data connections of the listings show. */
function expectListedSizes(dialogue: Dialogue, answers: Answers): void {
  for (const [command, { bytes, frame }] of expectedFromListings(dialogue, answers)) {
    command.expectedBytes = bytes
    command.expectedFrom = 'listing'
    command.expectedFrame = frame
  }
}

/** 221 or 421: the server has ended the session, even where the capture ends before the FIN. */
function saidGoodbye(dialogue: Dialogue): boolean {
  const code = dialogue.exchanges.at(-1)?.replies.at(-1)?.code
  return code === 221 || code === 421
}

function duplicateShare(connections: readonly Connection[]): number {
  let packets = 0
  let duplicates = 0
  for (const connection of connections) {
    for (const flow of connection.flows) {
      packets += flow.packets + flow.duplicates
      duplicates += flow.duplicates
    }
  }
  return packets === 0 ? 0 : duplicates / packets
}
