import { withCommands } from '../../remedies/commands.js'
import type { Session } from '../../../correlate/model.js'
import { offeredWindow, type Payload, type Role } from '../../facts/payload.js'
import { defineRule, type Fact, type Side } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  type Evidence,
} from '../../words/evidence.js'
import { amount, byteCount, duration, percent, seconds, times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** Transfers shorter than this are not called slow. */
const LEAST_MS = 3000
/** Transfers faster than this are not called slow: 10 Mbit/s. */
const FAST = 1.25e6
/** Fraction of the time, or of the window, above which something counts as the limit. */
const SHARE = 0.3
const FULL = 0.8
const LOSS = 0.01
/** Minimum number of lost segments. */
const LEAST_LOST = 3
/** Fewer waits for an acknowledgment are no pattern. */
const LEAST_WAITS = 8

/** What limited a transfer; times in nanoseconds. */
export type Limiter =
  /** The delay of the first byte after the command. */
  | { kind: 'late-start'; delayNs: number }
  /** How long the receiver's window was closed. */
  | { kind: 'window-shut'; shutNs: number }
  /** How many of the data segments were retransmitted. */
  | { kind: 'loss'; retransmissions: number; segments: number; roundTripNs: number | null }
  /** The sender waits for an acknowledgment after each write, and the receiver delays it. */
  | { kind: 'delayed-ack'; waits: number; waitNs: number; inFlightBytes: number; oneSegment: boolean }
  /** The sender paused with nothing in flight. */
  | { kind: 'pauses'; pauses: number; pauseNs: number }
  /** The bytes in flight reached the receiver's largest window, or the limit that the sender keeps. */
  | { kind: 'receive-window' | 'send-window'; windowBytes: number; roundTripNs: number }
  /** None of these. */
  | { kind: 'unknown' }

export type Slow = Fact &
  Limiter & {
    command: CommandFact
    /** Addresses of the two ends. */
    sender: string
    receiver: string
    bytes: number
    durationNs: number
    bytesPerSecond: number
  }

export const transferSlow = defineRule<Slow>({
  id: 'transfer-slow',
  title: 'transfer is slow',
  severity: 'info',
  side: 'unknown',
  level: 'aftermath',
  references: ['RFC 7323 §1.1 (window and bandwidth-delay product)', 'RFC 5681', 'RFC 1122 §4.2.3.2 (delayed ACK)'],
  samples: { reports: 'made/transfer-slow.pcap', silent: 'made/transfer-slow--silent.pcap' },

  *check(session, facts) {
    for (const payload of facts.payloads) {
      const { channel, transfer, bytes, flow, connection, from, to } = payload
      const { durationMs, bytesPerSecond, command } = transfer
      if (transfer.outcome !== 'completed' || durationMs === null || durationMs < LEAST_MS) continue
      if (bytes === 0 || bytesPerSecond === null || bytesPerSecond >= FAST) continue
      const durationNs = durationMs * 1e6
      const { limiter, evidence } = limiterOf(session, payload, durationNs)
      yield {
        fact: {
          ...limiter,
          command: commandFact(command.exchange),
          sender: from,
          receiver: to,
          bytes,
          durationNs,
          bytesPerSecond,
        },
        side: sideOf(limiter.kind, payload),
        confidence: limiter.kind === 'unknown' ? 'low' : 'high',
        evidence: [
          evidence ?? at(flow.firstData ?? connection.first, 'first payload'),
          at(flow.fin ?? connection.last, 'end of the data'),
          commandEvidence(command.exchange),
        ],
        channel,
      }
    }
  },

  texts: {
    message(fact) {
      const { command, bytes, durationNs, bytesPerSecond } = fact
      const moved = `"${commandWords(command)}" transferred ${amount(bytes)} in ${seconds(durationNs)}`
      return `${moved} (${amount(bytesPerSecond)}/s). Limited by ${limiterWords(fact)}.`
    },
  },
  remedy: (fact) => [limiterRemedy(fact)],
})

/** The first cause with enough weight, in the order in which each masks those after it. */
function limiterOf(session: Session, payload: Payload, total: number): { limiter: Limiter; evidence?: Evidence } {
  const { flow, taker, connection, transfer } = payload
  const roundTripNs = connection.roundTrip ?? session.control.roundTrip
  const opened = connection.established?.time ?? connection.first.time
  const first = flow.firstData
  const delayNs = first ? first.time - Math.max(opened, transfer.command.exchange.time) : 0
  if (first && delayNs > SHARE * total) {
    const evidence = at(first, `first payload, ${seconds(delayNs)} after the command`)
    return { limiter: { kind: 'late-start', delayNs }, evidence }
  }
  if (taker.firstShut && taker.shutTime > SHARE * total) {
    const limiter: Limiter = { kind: 'window-shut', shutNs: taker.shutTime }
    return { limiter, evidence: at(taker.firstShut, 'zero window') }
  }
  const { retransmissions, dataSegments: segments } = flow
  if (retransmissions >= LEAST_LOST && retransmissions > LOSS * segments) {
    const limiter: Limiter = { kind: 'loss', retransmissions, segments, roundTripNs }
    return { limiter, evidence: at(flow.retransmitted[0]!, 'retransmission') }
  }
  if (flow.delayedAcks >= LEAST_WAITS && flow.delayedAckTime > SHARE * total) {
    const { delayedAcks: waits, delayedAckTime: waitNs, mostInFlight: inFlightBytes, largestSegment } = flow
    const oneSegment = inFlightBytes <= largestSegment
    return { limiter: { kind: 'delayed-ack', waits, waitNs, inFlightBytes, oneSegment } }
  }
  if (flow.longestPause && flow.pauseTime > SHARE * total) {
    const evidence = at(flow.longestPause, `after a pause of ${seconds(flow.longestPause.length)}`)
    return { limiter: { kind: 'pauses', pauses: flow.pauses, pauseNs: flow.pauseTime }, evidence }
  }
  const known = roundTripNs !== null && roundTripNs > 0
  const window = offeredWindow(connection, taker)
  if (window !== null && known && flow.mostInFlight >= FULL * window)
    return { limiter: { kind: 'receive-window', windowBytes: window, roundTripNs } }
  if (known && flow.mostInFlight > 0 && flow.waitTime > SHARE * total)
    return { limiter: { kind: 'send-window', windowBytes: flow.mostInFlight, roundTripNs } }
  return { limiter: { kind: 'unknown' } }
}

const CULPRITS: Readonly<Record<Limiter['kind'], 'sender' | 'receiver' | 'path'>> = {
  'late-start': 'sender',
  'window-shut': 'receiver',
  loss: 'path',
  'delayed-ack': 'sender',
  pauses: 'sender',
  'receive-window': 'receiver',
  'send-window': 'sender',
  unknown: 'path',
}

function sideOf(kind: Limiter['kind'], ends: Record<'sender' | 'receiver', Role>): Side {
  const culprit = CULPRITS[kind]
  return culprit === 'path' ? 'path' : ends[culprit]
}

function limiterWords(fact: Shown<Slow>): string {
  const { sender, receiver, durationNs } = fact
  switch (fact.kind) {
    case 'late-start': {
      const share = `${percent(fact.delayNs, durationNs)} of the time`
      return `a late start: the first byte was sent ${seconds(fact.delayNs)} after the command, ${share}`
    }
    case 'window-shut': {
      const share = `${percent(fact.shutNs, durationNs)} of the time`
      return `the receiver: ${receiver} kept its window closed for ${seconds(fact.shutNs)}, ${share}`
    }
    case 'loss': {
      const { retransmissions, segments, roundTripNs } = fact
      const share = `${retransmissions} of ${segments} segments (${percent(retransmissions, segments)})`
      const roundTrip = roundTripNs === null ? '' : `, at a round-trip time of ${duration(roundTripNs)}`
      return `packet loss: ${share} were retransmitted${roundTrip}`
    }
    case 'delayed-ack': {
      const flight = fact.oneSegment
        ? `${sender} keeps one segment in flight (${byteCount(fact.inFlightBytes)})`
        : `${sender} waits for the acknowledgment of what it wrote (at most ${amount(fact.inFlightBytes)} in flight)`
      const delay = `${receiver} delays the ACK by ${duration(fact.waitNs / fact.waits)} on average`
      const share = `${times(fact.waits)}, ${seconds(fact.waitNs)} or ${percent(fact.waitNs, durationNs)} of the time`
      return `delayed ACKs: ${flight}, and ${delay} (${share})`
    }
    case 'pauses': {
      const share = `${percent(fact.pauseNs, durationNs)} of the time`
      const paused = `${sender} paused ${times(fact.pauses)} for ${seconds(fact.pauseNs)} in total`
      return `the sender: ${paused} (${share}) with nothing in flight`
    }
    case 'receive-window': {
      const offer = `${receiver} offers at most ${amount(fact.windowBytes)}`
      return `the receive window: ${offer}, ${allowance(fact)}`
    }
    case 'send-window':
      return `the sender's window: never more than ${amount(fact.windowBytes)} in flight, ${allowance(fact)}`
    case 'unknown': {
      const excluded = 'packet loss, a closed window or pauses of the sender do not explain it'
      return `the capacity of the path, as far as the packets show: ${excluded}`
    }
  }
}

/** The rate that a window allows: its size per round trip. */
function allowance({ windowBytes, roundTripNs }: { windowBytes: number; roundTripNs: number }): string {
  const rate = amount(windowBytes / (roundTripNs / 1e9))
  return `which allows ${rate}/s at a round-trip time of ${duration(roundTripNs)}`
}

function limiterRemedy({ kind, sender, receiver }: Shown<Slow>): string {
  switch (kind) {
    case 'late-start':
      return (
        `on ${sender}: find out what it does before it sends (generating a listing, lookups, a tape or archive, ` +
        'a virus scanner)'
      )
    case 'window-shut':
      return `on ${receiver}: find out what keeps the program from reading`
    case 'loss':
      return 'find the link that loses packets'
    case 'delayed-ack':
      return (
        `on ${sender}: have at least two segments in flight (lwIP: TCP_SND_BUF and TCP_SND_QUEUELEN; larger writes, ` +
        `TCP_NODELAY); or on ${receiver}: acknowledge at once (Windows: TcpAckFrequency=1; Linux: TCP_QUICKACK, ` +
        'ip route … quickack 1)'
      )
    case 'pauses':
      return (
        `on ${sender}: find out what keeps the program from sending (disk, CPU, encryption, a rate limit such as ` +
        'local_max_rate, TransferRate or -T)'
      )
    case 'receive-window':
      return withCommands(
        `on ${receiver}: use a larger receive buffer (Linux: net.ipv4.tcp_rmem), and make sure that no middlebox ` +
          'removes window scaling',
        ['Windows', 'netsh int tcp set global autotuninglevel=normal'],
      )
    case 'send-window':
      return `on ${sender}: use a larger send buffer (Linux: net.ipv4.tcp_wmem; ProFTPD SocketOptions sndbuf)`
    case 'unknown':
      return 'measure the capacity of the path (iperf3), and look for a rate limit on it'
  }
}
