import { type Dialogue, emptyDialogue } from '../../ftp/model.js'
import { type Connection, Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'

/** How a host looks whether a port is open, by the names of port scanners and load balancers. */
export type Technique =
  /** A lone SYN, refused or unanswered. */
  | 'syn'
  /** SYN, SYN,ACK and then RST, or nothing. */
  | 'half-open'
  /** A handshake, and closed at once without any payload. */
  | 'connect'
  /** Read the greeting and left, perhaps with QUIT. */
  | 'banner'
  | 'ack'
  | 'fin'
  | 'null'
  | 'xmas'
  /** Other combinations of flags that no TCP sends. */
  | 'odd-flags'
  /** SYN,ACKs and RSTs without a SYN before them. */
  | 'unsolicited-answer'

/**
 * `certain`: no client does this. `suspect`: a client may do it, once. `weak`: the host retransmitted its SYN, as
 * clients do.
 */
export interface ProbeSign {
  technique: Technique
  strength: 'certain' | 'suspect' | 'weak'
}

/** A connection that is closed sooner after the handshake was not meant to carry anything. */
const AT_ONCE_NS = 1e9
/** Whoever reads a greeting and does nothing else leaves within this time. */
const VISIT_NS = 10e9
/** Every segment of an established connection has ACK (RFC 9293 §3.10.7.4); the others open or reset one. */
const REGULAR = TcpFlag.Ack | TcpFlag.Syn | TcpFlag.Rst
const XMAS = TcpFlag.Fin | TcpFlag.Psh | TcpFlag.Urg
/** Commands without a login, which ask for no file. */
const OF_VISITS: ReadonlySet<string | null> = new Set([null, 'QUIT', 'NOOP', 'SYST', 'FEAT', 'HELP', 'STAT'])

/** How a control connection looks like a probe; `null` for one that carried a dialogue, or failed as clients' do. */
export function probeSign(control: Connection, dialogue: () => Dialogue): ProbeSign | null {
  const [client, server] = control.flows
  if (client.acknowledgedUnseen > 0 || server.acknowledgedUnseen > 0) return null
  if (client.end > 0 || server.end > 0)
    return isVisit(control, dialogue()) ? { technique: 'banner', strength: 'suspect' } : null
  const odd = oddFlags(control)
  if (odd) return { technique: odd, strength: 'certain' }
  if (control.midstream) return withoutSyn(control)
  if (control.syns.length === 0) return null
  if (control.synAckAttempts > 0) return answered(control)
  return { technique: 'syn', strength: control.synAttempts > 1 ? 'weak' : 'suspect' }
}

function oddFlags({ firstFlags, midstream }: Connection): Technique | null {
  if (firstFlags < 0) return null
  if ((firstFlags & TcpFlag.Syn) !== 0) return (firstFlags & (TcpFlag.Fin | TcpFlag.Rst)) !== 0 ? 'odd-flags' : null
  if (!midstream || (firstFlags & REGULAR) !== 0) return null
  if (firstFlags === 0) return 'null'
  if (firstFlags === TcpFlag.Fin) return 'fin'
  return firstFlags === XMAS ? 'xmas' : 'odd-flags'
}

function withoutSyn({ flows: [client, server], synAckAttempts, resets, firstFlags }: Connection): ProbeSign | null {
  const ofClient = resets.filter(({ direction }) => direction === Direction.FromInitiator).length
  const ofServer = resets.length - ofClient
  if (client.packets === ofClient && server.packets > 0 && server.packets === synAckAttempts + ofServer)
    return { technique: 'unsolicited-answer', strength: 'suspect' }
  if (client.packets !== 1 || server.packets !== ofServer) return null
  if (firstFlags === TcpFlag.Ack && ofServer > 0) return { technique: 'ack', strength: 'suspect' }
  return firstFlags === (TcpFlag.Fin | TcpFlag.Ack) ? { technique: 'fin', strength: 'suspect' } : null
}

/** The server accepted the connection, and neither side sent anything. */
function answered(control: Connection): ProbeSign | null {
  const { established, synAcks, synAttempts, closedBy, flows, resets } = control
  const answer = synAcks[0]
  if (!answer) return null
  if (established) {
    const leaving =
      flows[Direction.FromInitiator].fin ?? resets.find(({ direction }) => direction === Direction.FromInitiator)
    if (closedBy?.direction !== Direction.FromInitiator || !leaving) return null
    return leaving.time - established.time < AT_ONCE_NS ? { technique: 'connect', strength: 'certain' } : null
  }
  // A SYN that was retransmitted comes from a client that waits: its host has forgotten it, or the SYN,ACK gets lost.
  if (synAttempts > 1) return null
  const reset = resets[0]
  if (!reset) return { technique: 'half-open', strength: 'suspect' }
  const atOnce = reset.direction === Direction.FromInitiator && reset.time - answer.time < AT_ONCE_NS
  return atOnce ? { technique: 'half-open', strength: 'certain' } : null
}

/** The client waited for the greeting, asked for nothing and closed. */
function isVisit({ flows, midstream, established, closedBy, resets, last }: Connection, dialogue: Dialogue): boolean {
  const { exchanges, otherProtocol, opaqueFrom, uncodedLine, announcements } = dialogue
  if (midstream || otherProtocol || opaqueFrom || uncodedLine || announcements.length > 0) return false
  const [greeting] = exchanges
  if (greeting?.command !== null || greeting.replies[0]?.code !== 220) return false
  if (!exchanges.every(({ command }) => OF_VISITS.has(command))) return false
  const begun = established?.time ?? 0
  const quit = exchanges.some(({ command }) => command === 'QUIT')
  if (closedBy === null || (closedBy.direction !== Direction.FromInitiator && !quit)) return false
  const left =
    flows[Direction.FromInitiator].fin ?? resets.find(({ direction }) => direction === Direction.FromInitiator) ?? last
  return left.time - begun < VISIT_NS
}

/** A probe without any payload, of a sort that no client sends. */
export function isBareProbe(control: Connection): boolean {
  const { flows } = control
  if (flows[0].end > 0 || flows[1].end > 0) return false
  return probeSign(control, emptyDialogue)?.strength === 'certain'
}

/** The largest window in the SYNs that nmap and masscan make themselves. */
const SCANNERS_WINDOW = 4096

/** The SYN has neither window scale nor timestamps, which all but the smallest systems send; no SYN at all is none. */
export function isRaw({ flows: [client], syns, midstream }: Connection): boolean {
  if (midstream) return true
  return syns.length > 0 && client.windowScale < 0 && client.timestampValue < 0
}

/** The SYN has no options at all. */
export function isBareSyn({ flows: [client], syns }: Connection): boolean {
  return syns.length > 0 && client.maximumSegmentSize < 0
}

/** It has a small window besides: masscan's. */
export function isBare(control: Connection): boolean {
  return isBareSyn(control) && control.flows[0].window <= SCANNERS_WINDOW
}
