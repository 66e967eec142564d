/**
 * Does this connection answer that announcement? Its port must be the announced one, since NATs usually do not change
 * it; its hosts decide how well it fits.
 */
import type { Announcement, TransferCommand } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { Ends } from '../tcp/ends.js'
import { isPublic } from '../wire/address-scope.js'
import type { Match } from './model.js'
import { finalReply, isOpen } from './transfers.js'

/** The connection that an announcement leads to expect. Hosts are ids of the tcp stage's address table. */
export interface Expectation {
  readonly announcement: Announcement
  /** Announced address; the control peer's for EPSV. */
  readonly address: number
  /** `null` where the capture has only the beginning of the announcement, whose `cutPorts` remain. */
  readonly port: number | null
  /** Control connection's address of the side that announced, and of the side that should connect. */
  readonly listener: number
  readonly initiator: number
  /** Connections that were taken for the announced one, in order. */
  readonly answers: Answer[]
}

export interface Answer {
  readonly connection: Connection
  readonly fit: Fit
}

export type Answers = ReadonlyMap<Announcement, readonly Answer[]>

/** How well a connection fits an announcement, in ascending order. */
export const Fit = {
  /** Another port, or hosts that have nothing to do with the announcement. */
  None: 0,
  /**
   * From the expected initiator, to an address that was never mentioned: there is a NAT in between. Accepted for the
   * first connection only.
   */
  InitiatorOnly: 1,
  /** To the announced address, from another host: a hijack, two uplinks with NAT, a server with several addresses. */
  AddressOnly: 2,
  /**
   * From the expected initiator, to the listener's address in the control connection instead of the announced one: the
   * initiator ignored that, or a NAT replaced it.
   */
  ControlAddress: 3,
  /** From the expected initiator, to the announced address. */
  Exact: 4,
} as const
export type Fit = (typeof Fit)[keyof typeof Fit]

/** Connections to one announced port that are kept. */
const MAX_ANSWERS = 64
/** A capture swaps packets that are milliseconds apart, not seconds. */
const CROSSING_NS = 2e9
/** How long before its transfer command a connection may open: clients may connect first (RFC 959 §3.2). */
const CONNECTED_BEFORE_NS = 10e9

export function fitOf(expectation: Expectation, ends: Ends): Fit {
  const { address, port, listener, initiator, answers } = expectation
  if (port === null) return fitOfCut(expectation, ends)
  if (ends.responderPort !== port || answers.length >= MAX_ANSWERS) return Fit.None
  if (ends.responder === address) return ends.initiator === initiator ? Fit.Exact : Fit.AddressOnly
  if (ends.initiator !== initiator) return Fit.None
  if (ends.responder === listener) return Fit.ControlAddress
  return answers.length === 0 ? Fit.InitiatorOnly : Fit.None
}

/** Only the first connection from the expected initiator: of the port little or nothing is known. */
function fitOfCut({ announcement, address, listener, initiator, answers }: Expectation, ends: Ends): Fit {
  if (answers.length > 0 || ends.initiator !== initiator || !allows(announcement, ends.responderPort)) return Fit.None
  return ends.responder === address || ends.responder === listener ? Fit.ControlAddress : Fit.None
}

/** Whether what is left of an announcement, if anything is, allows a port. */
function allows({ cutPorts }: Announcement, port: number): boolean {
  return port >= Math.max(cutPorts?.low ?? 0, FIRST_DATA_PORT) && port <= (cutPorts?.high ?? Infinity)
}

/**
 * Whether a connection may answer an announcement whose port the capture lacks: the next one between the two hosts, up
 * to `until`, when the client asked for another.
 */
export function fitsUnread(
  connection: Connection,
  announcement: Announcement,
  control: Connection,
  until: number,
): boolean {
  const { time } = connection.first
  if (connection.midstream || time < announcement.exchange.time || time >= until) return false
  const initiator = announcement.mode === 'passive' ? control.initiator : control.responder
  return connection.initiator.address === initiator.address && allows(announcement, connection.responder.port)
}

/** Below are the ports of services. */
const FIRST_DATA_PORT = 1024

/**
 * Of several announcements, in order, the one that a connection most likely answers; `null` when none fits. Among
 * equals one without an answer goes before one that has had its connection, then the latest.
 */
export function bestFitting(expectations: readonly Expectation[], ends: Ends): Expectation | null {
  let best: Expectation | null = null
  let bestFit: Fit = Fit.None
  for (let i = expectations.length - 1; i >= 0; i--) {
    const expectation = expectations[i]!
    const fit = fitOf(expectation, ends)
    const isBetter =
      fit > bestFit || (best !== null && fit === bestFit && best.answers.length > 0 && expectation.answers.length === 0)
    if (!isBetter) continue
    best = expectation
    bestFit = fit
  }
  return best
}

/** Whether it is an exact fit and the first one: the connection is data, even on a port of control connections. */
export function isCertain(expectation: Expectation, ends: Ends): boolean {
  return expectation.answers.length === 0 && fitOf(expectation, ends) === Fit.Exact
}

/** Whether a connection answers an announcement although its first packet was captured before that. */
export function answersEarly(expectation: Expectation, ends: Ends, firstTime: number, atLeast: Fit): boolean {
  const { announcement, port } = expectation
  // Without its port, no connection answers it that is older than the question.
  if (port === null && firstTime < announcement.exchange.time) return false
  return Math.abs(firstTime - announcement.time) < CROSSING_NS && fitOf(expectation, ends) >= atLeast
}

/** The connection that carries the data of an announcement: another host's only where there is no other. */
export function chosenAnswer(answers: readonly Answer[]): Answer | null {
  const expected = answers.filter(({ fit }) => fit !== Fit.AddressOnly)
  return expected.find(({ connection }) => isOpen(connection)) ?? expected.at(-1) ?? answers[0] ?? null
}

/** The fit as reports name it. */
export function matchOf({ connection, fit }: Answer, announcement: Announcement): Match {
  if (announcement.port === null) return 'none'
  if (fit === Fit.Exact || fit === Fit.AddressOnly) return 'announced'
  if (fit !== Fit.ControlAddress) return 'translated'
  // A public address was announced and the connection reaches a private one: a NAT did that. Otherwise the initiator
  // chose it.
  const { address } = announcement
  return address !== null && isPublic(address) && !isPublic(connection.responder.address)
    ? 'translated'
    : 'control-address'
}

/** Whether a connection may carry a transfer although no announcement leads from one to the other. */
export function fitsUnannounced(connection: Connection, command: TransferCommand, control: Connection): boolean {
  const start = command.exchange.time
  const end = finalReply(command)?.time ?? Infinity
  return (
    connection.first.time <= end &&
    (connection.midstream || connection.first.time >= start - CONNECTED_BEFORE_NS) &&
    connection.last.time >= start &&
    hasDataPorts(connection, control)
  )
}

/** From port 20 to the client, or between two high ports: not a connection to some other service of the same host. */
export function hasDataPorts(connection: Connection, control: Connection): boolean {
  return connection.initiator.address === control.responder.address
    ? connection.initiator.port === control.responder.port - 1
    : connection.responder.port >= FIRST_DATA_PORT
}
