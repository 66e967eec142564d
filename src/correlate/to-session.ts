import { type Dialogue, isGreeted } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import { buildChannels } from './channels.js'
import type { ContentOf } from './content/data-content.js'
import type { Answers } from './fit.js'
import { inferSession } from './inferred-session.js'
import { expectedFromListings } from './listing-sizes.js'
import type { DataChannel, Exchanged, Session, Surroundings } from './model.js'
import type { OpenSession } from './open-session.js'

/** A user name with this opens a shell on that port in the vsftpd 2.3.4 that was tampered with (CVE-2011-2523). */
const OPENS_BACKDOOR = ':)'
const BACKDOOR_PORT = 6200
/** RFC 1413. */
const IDENT_PORT = 113

/** What the session tracker knows around a session. */
type Around = Pick<Session, 'judgedAt'> &
  Pick<Surroundings, 'otherTraffic' | 'sameHosts' | 'sameSession'> & {
    /** A client has or had a control connection with the host. */
    isServerOf: (client: string, address: string) => boolean
    /** What was read of a data connection. */
    contentOf: ContentOf
    /** Passive announcements among these channels that the client passed on to another server. */
    exchangedAmong: (control: Connection, channels: readonly DataChannel[]) => Exchanged[]
  }

/** The session as the next stage judges it, with what the capture shows around it. */
export function toSession(open: OpenSession, around: Around): Session {
  const { id, control, ftp, pair, unexplained } = open
  const { dialogue } = ftp
  // Of what came before the capture, a login may be part.
  if (control.midstream && dialogue.login === 'none' && !isGreeted(dialogue)) dialogue.login = 'unknown'
  const answers = new Map(open.expectations.map((expectation) => [expectation.announcement, expectation.answers]))
  expectListedSizes(dialogue, answers, around.contentOf)
  if (dialogue.login === 'none' && lacksLogin(control, dialogue)) dialogue.login = 'unknown'
  const isIdent = (connection: Connection) => connection.responder.port === IDENT_PORT
  const opensBackdoor = dialogue.exchanges.some(
    ({ command, argument }) => command === 'USER' && argument?.includes(OPENS_BACKDOOR),
  )
  const isShell = (connection: Connection) =>
    opensBackdoor &&
    connection.responder.port === BACKDOOR_PORT &&
    connection.responder.address === control.responder.address
  const shells = unexplained.filter(isShell)
  const data = open.dataConnections().filter((connection) => !open.elsewhere.includes(connection))
  const channels = buildChannels(
    control,
    dialogue,
    answers,
    unexplained.filter((connection) => !isIdent(connection) && !isShell(connection)),
    around.contentOf,
  )
  const session: Session = {
    id,
    control,
    client: control.initiator,
    server: control.responder,
    dialogue,
    tls: ftp.tlsFacts,
    channels,
    inferred: null,
    cutOff: control.closedBy === null && !saidGoodbye(dialogue),
    judgedAt: around.judgedAt,
    surroundings: {
      otherConnectionsBetweenHosts: pair.otherConnections || data.length > 0,
      otherTraffic: around.otherTraffic,
      sameHosts: around.sameHosts,
      ident: unexplained.filter(isIdent),
      backdoorShell: shells.find(({ flows }) => flows[1].end > 0) ?? shells.find(isAccepted) ?? shells[0] ?? null,
      duplicateShare: duplicateShare([control, ...data]),
      sameSession: around.sameSession,
      exchangePartners: exchangePartners(control, channels, around),
      exchanged: around.exchangedAmong(control, channels),
    },
    places: open.places,
  }
  session.inferred = inferSession(session, open.elsewhere, around.contentOf)
  return session
}

/** Third hosts of data connections that are FTP servers of the same client. */
function exchangePartners(control: Connection, channels: readonly DataChannel[], { isServerOf }: Around): string[] {
  const [client, server] = [control.initiator.address, control.responder.address]
  const partners: string[] = []
  const note = (end: string) => {
    if (end !== client && end !== server && isServerOf(client, end) && !partners.includes(end)) partners.push(end)
  }
  const noteEnds = ({ initiator, responder }: Connection) => {
    note(initiator.address)
    note(responder.address)
  }
  for (const { announcement, connection, fromOtherHosts } of channels) {
    if (connection) noteEnds(connection)
    fromOtherHosts.forEach(noteEnds)
    if (announcement?.address) note(announcement.address)
  }
  return partners
}

/** Completes the transfer commands by what only the data connections of the listings show. */
function expectListedSizes(dialogue: Dialogue, answers: Answers, contentOf: ContentOf): void {
  for (const [command, { bytes, frame }] of expectedFromListings(dialogue, answers, contentOf)) {
    command.expectedBytes = bytes
    command.expectedFrom = 'listing'
    command.expectedFrame = frame
  }
}

/**
 * The capture lacks the part of the session in which a login would be: it began later, or has not all that the client
 * sent.
 */
function lacksLogin({ midstream, flows: [client] }: Connection, { exchanges, otherProtocol }: Dialogue): boolean {
  if (otherProtocol) return false
  if (client.acknowledgedUnseen > 0) return true
  return midstream && exchanges[0]?.replies[0]?.code !== 220
}

/** 221 or 421: the server has ended the session, even where the capture ends before the FIN. */
function saidGoodbye(dialogue: Dialogue): boolean {
  const code = dialogue.exchanges.at(-1)?.replies.at(-1)?.code
  return code === 221 || code === 421
}

function isAccepted({ synAckAttempts }: Connection): boolean {
  return synAckAttempts > 0
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
