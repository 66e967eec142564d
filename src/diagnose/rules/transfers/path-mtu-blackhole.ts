import { withCommands } from '../../remedies/commands.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { type Connection, Direction, type IcmpSighting, opposite, type Sighting } from '../../../tcp/connection.js'
import { hasUnseen } from '../../facts/lost-bytes.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { sizesOf } from '../../facts/size-bound.js'
import { addressOf, controlFlowOf, roleOf } from '../../facts/payload.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { at, commandEvidence, type Evidence, icmpEvidence } from '../../words/evidence.js'
import { byteCount, seconds, times } from '../../words/quantities.js'

/** Below this no segment counts as large: every path carries 576 bytes (RFC 791 §3.1), 1280 over IPv6. */
const LARGE = 500
const RETRANSMISSIONS = 3
/** A hole that a retransmission fills is filled sooner. */
const HOLE_NS = 3e9
/** Maximum length of TCP options. */
const MAX_OPTIONS = 40
/** Of Ethernet's 1500 bytes, without the headers of IPv4 and TCP. */
const ETHERNET_MSS = 1460

/** Captured before the link with the small MTU: a large segment was retransmitted and never acknowledged. */
export interface Unacknowledged extends Fact {
  kind: 'unacknowledged'
  /** The segment: its length, and its offset in the stream. */
  bytes: number
  offset: number
  /** Its retransmissions, and how long they continued. */
  retransmissions: number
  tryingNs: number
  /** The largest segment that was acknowledged; 0 if none was. */
  largestAcknowledged: number
}

/** Captured after that link: small segments arrive, with a hole before them that is never filled. */
export interface Hole extends Fact {
  kind: 'hole'
  /** The hole: its length, and its offset in the stream. */
  bytes: number
  offset: number
  /** The largest segment that arrived, and the full segment size that both ends agreed on. */
  largestSegment: number
  fullSegment: number
}

/** Captured after that link: the sender's own sequence numbers are ahead of what arrived, and nothing fills the gap. */
export interface NeverArrived extends Fact {
  kind: 'never-arrived'
  /** What did not arrive: its length, its offset in the stream, and how many full segments that is. */
  bytes: number
  offset: number
  segments: number
  largestSegment: number
  fullSegment: number
  waitedNs: number
}

export type BlackHole = (Unacknowledged | Hole | NeverArrived) & {
  connection: 'control' | 'data'
  /** Addresses of the two ends. */
  sender: string
  receiver: string
  /** The MSS that both ends offer, where it needs an MTU beyond Ethernet's 1500 (jumbo frames); `null` otherwise. */
  jumbo: number | null
  /** The ICMP message that reports the smaller link to the sender, if captured, and the MTU it gives. */
  icmp: { from: string; mtu: number } | null
  /**
   * Captures before and after the link show which sizes pass: payload bytes of the largest packet that arrived, and of
   * the smallest that did not. Absent where only one place was captured.
   */
  bound?: { arrived: number; lost: number; from: string; to: string }
}

export const pathMtuBlackhole = defineRule<BlackHole>({
  id: 'path-mtu-blackhole',
  title: 'path MTU black hole',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: [
    'control-idle-dropped',
    'greeting-missing',
    'idle-timeout',
    'packet-loss',
    'tls-handshake-failed',
    'tls-hides-announcement',
  ],
  references: [
    'RFC 1191 (path MTU discovery)',
    'RFC 8201 (the same for IPv6)',
    'RFC 2923 §2.1 (black hole)',
    'RFC 4821',
  ],
  samples: { reports: 'made/path-mtu-blackhole.pcap', silent: 'made/path-mtu-blackhole--silent.pcap' },
  needs: ['impeded'],

  *check(session, { path }) {
    yield* lookAt(session, session.control, null, path)
    for (const channel of session.channels) {
      if (channel.connection) yield* lookAt(session, channel.connection, channel, path)
    }
  },

  texts: {
    message(fact) {
      const { connection, sender, receiver, icmp } = fact
      const large = `Large segments from ${sender} to ${receiver} do not arrive on the ${connection} connection`
      const reason = icmp
        ? `${icmp.from} reports a next-hop MTU of ${icmp.mtu} bytes, but ${sender} does not reduce its segments: ` +
          'that ICMP message does not reach it.'
        : 'The capture has no ICMP "fragmentation needed": a link has a smaller MTU, and a firewall filters the ICMP ' +
          'message.'
      return `${large}: ${proofWords(fact)}, while small packets pass.${boundWords(fact)} ${reason}${jumboWords(fact)}`
    },
  },
  remedy: ({ jumbo, sender, receiver }) => [
    ...(jumbo === null
      ? []
      : [`on ${sender} and ${receiver}: set the MTU to 1500, unless every link between them carries jumbo frames`]),
    withCommands(
      'on the tunnel or PPPoE router: clamp the MSS to the path (pf: scrub max-mss; Cisco: ip tcp adjust-mss)',
      ['nftables', 'nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu'],
      ['iptables', 'iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu'],
    ),
    'in every firewall on the path: allow ICMP type 3 code 4 and ICMPv6 type 2 (packet too big)',
    withCommands('as a workaround on the sending host: set a smaller MTU, or enable probing without ICMP', [
      'Linux',
      'sysctl -w net.ipv4.tcp_mtu_probing=1',
    ]),
  ],
})

function proofWords(fact: BlackHole): string {
  switch (fact.kind) {
    case 'hole':
      return holeWords(fact)
    case 'never-arrived':
      return neverArrivedWords(fact)
    case 'unacknowledged':
      return stuckWords(fact)
  }
}

function jumboWords({ jumbo }: BlackHole): string {
  return jumbo === null ? '' : ` Both ends offer an MSS of ${jumbo}: they use jumbo frames, and the path does not.`
}

function boundWords({ bound }: BlackHole): string {
  if (!bound) return ''
  const { arrived, lost, from, to } = bound
  return ` Between ${from} and ${to} the largest that arrived has ${byteCount(arrived)}, the smallest that did not ${byteCount(lost)}.`
}

function neverArrivedWords({ bytes, offset, segments, largestSegment, waitedNs }: NeverArrived): string {
  const sent = `its sequence numbers show that it sent ${byteCount(bytes)} from offset ${offset}`
  const largest = largestSegment === 0 ? '' : `; the largest segment that arrived has ${byteCount(largestSegment)}`
  return `${sent} (at least ${segments} full-size), of which nothing arrived in ${seconds(waitedNs)}${largest}`
}

function stuckWords({ bytes, offset, retransmissions, tryingNs, largestAcknowledged }: Unacknowledged): string {
  const passed =
    largestAcknowledged > 0 ? ` (the largest that was acknowledged has ${byteCount(largestAcknowledged)})` : ''
  const again = `was retransmitted ${times(retransmissions)} in ${seconds(tryingNs)} and never acknowledged`
  return `one of ${byteCount(bytes)} at offset ${offset} ${again}${passed}`
}

function holeWords({ bytes, offset, largestSegment, fullSegment }: Hole): string {
  const largest = `the largest segment that arrived has ${byteCount(largestSegment)}`
  const agreed = `although both ends agreed on ${fullSegment} or more`
  return `${byteCount(bytes)} from offset ${offset} never arrived, and ${largest}, ${agreed}`
}

function* lookAt(
  session: Session,
  connection: Connection,
  channel: DataChannel | null,
  path: PathFacts | null,
): Generator<Observation<BlackHole>> {
  const joined = path?.connectionPath(connection) ?? null
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    const proof =
      beforeTheLink(session, channel, connection, direction) ??
      aheadOfArrival(session, channel, connection, direction) ??
      afterTheLink(session, connection, direction)
    if (!proof) continue
    const sizes = joined && path ? sizesOf(joined, direction, path) : null
    // Both places show that size makes no difference.
    if (sizes?.arrived && sizes.arrived.bytes >= sizes.lost.bytes) continue
    const bound = sizes?.arrived && { arrived: sizes.arrived, lost: sizes.lost }
    const icmp = tooBig(connection, direction)
    const command = channel?.transfer?.command.exchange
    const [first, ...others] = proof.evidence
    yield {
      fact: {
        ...proof.fact,
        connection: channel ? 'data' : 'control',
        sender: addressOf(connection, direction),
        receiver: addressOf(connection, opposite(direction)),
        jumbo: jumboOf(connection),
        icmp: icmp && { from: icmp.from, mtu: icmp.mtu },
        ...(bound && {
          bound: { arrived: bound.arrived.bytes, lost: bound.lost.bytes, from: sizes.from, to: sizes.to },
        }),
      },
      confidence: proof.sure || bound ? 'high' : 'medium',
      evidence: [
        first,
        ...others,
        ...(bound
          ? [
              at(bound.lost, `${byteCount(bound.lost.bytes)}: the smallest that was lost`),
              at(bound.arrived, `${byteCount(bound.arrived.bytes)}: the largest that arrived`),
            ]
          : []),
        ...(icmp ? [icmpEvidence(icmp)] : []),
        ...(command ? [commandEvidence(command)] : []),
      ],
      rivals: proof.sure || bound ? [] : ['transfer-stalled'],
      ...(channel ? { channel } : {}),
    }
  }
}

export interface Proof {
  fact: Unacknowledged | Hole | NeverArrived
  evidence: [Evidence, ...Evidence[]]
  sure: boolean
}

/** The capture shows the large segments being sent repeatedly. */
function beforeTheLink(
  session: Session,
  channel: DataChannel | null,
  connection: Connection,
  direction: Direction,
): Proof | null {
  const flow = connection.flows[direction]
  const { stuck, firstData } = flow
  if (!stuck || !firstData || stuck.times < RETRANSMISSIONS || flow.acknowledged > stuck.offset) return null
  if (stuck.length < LARGE || (connection.version === 4 && !stuck.dontFragment)) return null
  const largestAcknowledged = flow.largestAcknowledged
  if (largestAcknowledged >= stuck.length) return null
  // The peer must have sent something since: on its own, or because small segments after the lost ones reached it.
  const peer = connection.flows[opposite(direction)]
  const answered = peer.lastTime > firstData.time
  // If all segments are full-size, nothing reaches it; then the handshake and the control connection show it is alive.
  if (!answered && !livesElsewhere(session, channel, opposite(direction), firstData.time)) return null
  // A receiver that does not read has nothing to do with segment sizes.
  if (peer.shutSince !== null) return null
  const tryingNs = stuck.last.time - stuck.first.time
  return {
    fact: {
      kind: 'unacknowledged',
      bytes: stuck.length,
      offset: stuck.offset,
      retransmissions: stuck.times,
      tryingNs,
      largestAcknowledged,
    },
    evidence: [
      at(stuck.first, `${byteCount(stuck.length)}, not fragmentable, retransmitted`),
      at(stuck.last, `the same, ${seconds(tryingNs)} later: retransmission ${stuck.times}`),
      at(firstData, 'first payload of this direction'),
    ],
    sure: answered && tryingNs >= 1e9,
  }
}

/** The receiver of a data connection completed its handshake, and kept sending on the control connection. */
function livesElsewhere(session: Session, channel: DataChannel | null, receiver: Direction, since: number): boolean {
  const connection = channel?.connection
  if (!channel || !connection || connection.midstream || connection.established === null) return false
  return controlFlowOf(session, roleOf(channel, receiver)).lastTime > since
}

/** A pure ACK or a FIN of the sender shows how much it had sent: full segments that never arrived here. */
function aheadOfArrival(
  session: Session,
  channel: DataChannel | null,
  connection: Connection,
  direction: Direction,
): Proof | null {
  const flow = connection.flows[direction]
  const { ahead, end, acknowledged, firstHole, largestSegment, missingBytes } = flow
  if (!ahead) return null
  const offset = firstHole < 0 ? end : firstHole
  const fullSegment = fullSegmentOf(connection)
  // If only one direction was captured, it is unknown what was acknowledged; what was is missing from the capture only.
  if (connection.flows[opposite(direction)].packets === 0 || hasUnseen(flow)) return null
  if (fullSegment === null || connection.midstream || ahead.offset <= end || acknowledged > offset) return null
  const bytes = ahead.offset - end + missingBytes
  if (largestSegment >= fullSegment || bytes < fullSegment) return null
  const waitedNs = Math.max(connection.last.time, session.control.last.time) - ahead.time
  if (waitedNs < HOLE_NS) return null
  // Otherwise the sender may have been cut off altogether.
  const alive =
    flow.lastTime > ahead.time + HOLE_NS / 2 || livesElsewhere(session, channel, direction, ahead.time + HOLE_NS / 2)
  const segments = Math.floor(bytes / (fullSegment + MAX_OPTIONS)) || 1
  return {
    fact: { kind: 'never-arrived', bytes, offset, segments, largestSegment, fullSegment, waitedNs },
    evidence: [
      at(ahead, `without payload, but its sequence number is ${byteCount(bytes)} ahead of what arrived`),
      at(connection.last, `${seconds(waitedNs)} later nothing of it has arrived`),
    ],
    sure: alive,
  }
}

/** The smallest payload that counts as a full segment; `null` if the handshake does not say. */
function fullSegmentOf({ flows }: Connection): number | null {
  const offered = flows.map(({ maximumSegmentSize }) => maximumSegmentSize).filter((size) => size > 0)
  const size = Math.min(...offered) - MAX_OPTIONS
  return Number.isFinite(size) && size >= LARGE ? size : null
}

function jumboOf({ flows: [one, other] }: Connection): number | null {
  const size = Math.min(one.maximumSegmentSize, other.maximumSegmentSize)
  return size > ETHERNET_MSS ? size : null
}

/** The capture shows only small segments arriving, with a hole before them that is never filled. */
function afterTheLink(session: Session, connection: Connection, direction: Direction): Proof | null {
  const flow = connection.flows[direction]
  const { firstHole, firstData, lastData, largestSegment } = flow
  const peer = connection.flows[opposite(direction)]
  if (firstHole < 0 || !firstData || !lastData || peer.packets === 0 || connection.midstream) return null
  // Acknowledged beyond the hole: the bytes are missing from the capture, not at the receiver.
  if (flow.acknowledged > firstHole || flow.end <= firstHole || hasUnseen(flow)) return null
  const fullSegment = fullSegmentOf(connection)
  if (fullSegment === null) return null
  if (largestSegment >= fullSegment || flow.missingBytes < fullSegment) return null
  const last: Sighting = connection.last
  const end = Math.max(last.time, session.control.last.time)
  const waited = end - firstData.time
  if (waited < HOLE_NS) return null
  return {
    fact: { kind: 'hole', bytes: flow.missingBytes, offset: firstHole, largestSegment, fullSegment },
    evidence: [
      at(lastData, `a small segment arrives after a hole of ${byteCount(flow.missingBytes)}`),
      at(last, `${seconds(waited)} later the hole is still open`),
    ],
    sure: false,
  }
}

/** ICMP type 3 code 4 (RFC 1191), ICMPv6 type 2 (RFC 8201) about this direction. */
function tooBig(connection: Connection, direction: Direction): IcmpSighting | null {
  return (
    connection.icmpErrors.find(
      ({ quoted, version, type, code }) =>
        quoted === direction && (version === 6 ? type === 2 : type === 3 && code === 4),
    ) ?? null
  )
}
