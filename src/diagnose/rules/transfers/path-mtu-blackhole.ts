import { defineRule, madeGood, type Evidence, type Observation } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { type Connection, Direction, type IcmpSighting, opposite, type Sighting } from '../../../tcp/connection.js'
import { at, commandEvidence, icmpEvidence } from '../../words/evidence.js'
import { addressOf } from '../../facts/payload.js'

/** Below this no segment is a large one: 576 is what every path carries (RFC 791 §3.1), 1280 over IPv6. */
const LARGE = 500
const RETRANSMISSIONS = 3
/** A hole that a retransmission will fill is filled sooner. */
const HOLE_NS = 3e9
/** Largest options of TCP. */
const MAX_OPTIONS = 40

export const pathMtuBlackhole = defineRule({
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
  remedy: [
    'On the tunnel or PPPoE router: clamp the MSS to the path (nftables: tcp flags syn tcp option maxseg size set rt mtu; iptables: -j TCPMSS --clamp-mss-to-pmtu; pf: scrub max-mss; Cisco: ip tcp adjust-mss)',
    'In every firewall on the way: admit ICMP type 3 code 4 and ICMPv6 type 2 (packet too big)',
    'As a stopgap on the sending host: a smaller MTU, or probing without ICMP (Linux: net.ipv4.tcp_mtu_probing=1)',
  ],
  references: [
    'RFC 1191 (path MTU discovery)',
    'RFC 8201 (the same for IPv6)',
    'RFC 2923 §2.1 (black hole)',
    'RFC 4821',
  ],
  samples: { reports: 'made/path-mtu-blackhole.pcap', silent: 'made/path-mtu-blackhole--silent.pcap' },

  *check(session) {
    yield* lookAt(session, session.control, null)
    for (const channel of session.channels) {
      if (channel.connection) yield* lookAt(session, channel.connection, channel)
    }
  },
})

function* lookAt(session: Session, connection: Connection, channel: DataChannel | null): Generator<Observation> {
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    const proof = beforeTheBox(session, connection, direction) ?? behindTheBox(session, connection, direction)
    if (!proof) continue
    const sender = addressOf(connection, direction)
    const receiver = addressOf(connection, opposite(direction))
    const icmp = tooBig(connection, direction)
    const command = channel?.transfer?.command.exchange ?? null
    yield {
      ...(channel && madeGood(session, channel) ? { severity: 'warning' as const } : {}),
      confidence: proof.sure ? 'high' : 'medium',
      message: `Large segments of ${sender} to ${receiver} do not arrive on the ${channel ? 'data' : 'control'} connection: ${proof.words}, while small packets pass. ${
        icmp
          ? `${icmp.from} says that the next link carries ${icmp.mtu} bytes, and ${sender} does not follow: that message does not reach it.`
          : 'No ICMP "fragmentation needed" is in the capture: a link with a smaller MTU, and a firewall that filters the ICMP message.'
      }`,
      evidence: [
        proof.evidence[0],
        ...proof.evidence.slice(1),
        ...(icmp ? [icmpEvidence(icmp)] : []),
        ...(command ? [commandEvidence(command)] : []),
      ],
      rivals: proof.sure ? [] : ['transfer-stalled'],
      ...(channel ? { channel } : {}),
    }
  }
}

interface Proof {
  words: string
  evidence: [Evidence, ...Evidence[]]
  sure: boolean
}

/** The capture sees the large segments go, again and again. */
function beforeTheBox(session: Session, connection: Connection, direction: Direction): Proof | null {
  const flow = connection.flows[direction]
  const { stuck, firstData } = flow
  if (!stuck || !firstData || stuck.times < RETRANSMISSIONS || flow.acknowledged > stuck.offset) return null
  if (stuck.length < LARGE || (connection.version === 4 && !stuck.dontFragment)) return null
  const passed = flow.largestAcknowledged
  if (passed >= stuck.length) return null
  // The peer must have spoken since: of its own, or because small segments reached it behind the lost ones.
  const peer = connection.flows[opposite(direction)]
  const answered = peer.lastTime > firstData.time
  // Where all segments are full-size nothing reaches it; then the handshake and its control connection tell that it lives.
  if (!answered && !livesElsewhere(session, connection, direction, firstData.time)) return null
  // A receiver that does not read is no matter of sizes.
  if (peer.shutSince !== null) return null
  const trying = stuck.last.time - stuck.first.time
  return {
    words: `the one of ${stuck.length} bytes at offset ${stuck.offset} was sent again ${stuck.times} times in ${seconds(trying)} and never acknowledged${
      passed > 0 ? ` (the largest that came through has ${passed} bytes)` : ''
    }`,
    evidence: [
      at(stuck.first, `${stuck.length} bytes, not fragmentable, sent again`),
      at(stuck.last, `the same, ${seconds(trying)} later: retransmission ${stuck.times}`),
      at(firstData, 'first payload of this direction'),
    ],
    sure: answered && trying >= 1e9,
  }
}

/** The receiver of a data connection took part in its handshake, and its host went on talking over the control connection. */
function livesElsewhere(session: Session, connection: Connection, direction: Direction, since: number): boolean {
  const { control } = session
  if (connection === control || connection.midstream || connection.established === null) return false
  const peer = addressOf(connection, opposite(direction))
  const side = peer === control.responder.address ? Direction.FromResponder : Direction.FromInitiator
  return control.flows[side].lastTime > since
}

/** The capture sees only the small segments arrive, with a hole before them that nobody fills. */
function behindTheBox(session: Session, connection: Connection, direction: Direction): Proof | null {
  const flow = connection.flows[direction]
  const { firstHole, firstData, maximumSegmentSize } = flow
  const peer = connection.flows[opposite(direction)]
  if (firstHole < 0 || !firstData || peer.packets === 0 || connection.midstream) return null
  // Acknowledged beyond the hole: the capture lacks the bytes, not the receiver.
  if (flow.acknowledged > firstHole || flow.end <= firstHole) return null
  const full = Math.min(...[maximumSegmentSize, peer.maximumSegmentSize].filter((size) => size > 0)) - MAX_OPTIONS
  if (!Number.isFinite(full) || full < LARGE || flow.largestSegment >= full || flow.missingBytes < full) return null
  const last: Sighting = connection.last
  const end = Math.max(last.time, session.control.last.time)
  const waited = end - firstData.time
  if (waited < HOLE_NS) return null
  return {
    words: `${flow.missingBytes} bytes from offset ${firstHole} on never came, and the largest segment that did has ${flow.largestSegment} bytes of the ${full} and more that both ends agreed on`,
    evidence: [
      at(flow.lastData ?? firstData, `a small segment arrives behind a hole of ${flow.missingBytes} bytes`),
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
