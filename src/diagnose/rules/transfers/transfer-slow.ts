import { defineRule, type Evidence } from '../../legacy.js'
import { amount, percent, seconds, times } from '../../words/quantities.js'
import type { Session } from '../../../correlate/model.js'
import { at, commandEvidence, commandLine } from '../../words/evidence.js'
import { addressOf, offeredWindow, type Payload, payloadsOf } from '../../facts/payload.js'
import { type Side } from '../../rule.js'
import { opposite } from '../../../tcp/connection.js'

/** Shorter transfers are over before anybody calls them slow. */
const LEAST_MS = 3000
/** Faster ones are not called slow: 10 Mbit/s. */
const FAST = 1.25e6
/** Part of the time, or of the window, from which something limits. */
const SHARE = 0.3
const FULL = 0.8
const LOSS = 0.01

export const transferSlow = defineRule({
  id: 'transfer-slow',
  title: 'transfer is slow',
  severity: 'info',
  side: 'unknown',
  level: 'aftermath',
  remedy: ['See the limiter that the message names'],
  references: ['RFC 7323 §1.1 (window and bandwidth-delay product)', 'RFC 5681'],
  samples: { reports: 'made/transfer-slow.pcap', silent: 'made/transfer-slow--silent.pcap' },

  *check(session) {
    for (const payload of payloadsOf(session)) {
      const { channel, transfer, bytes, flow, connection } = payload
      const { durationMs, bytesPerSecond } = transfer
      if (transfer.outcome !== 'completed' || durationMs === null || durationMs < LEAST_MS) continue
      if (bytes === 0 || bytesPerSecond === null || bytesPerSecond >= FAST) continue
      const limiter = limiterOf(session, payload, durationMs)
      yield {
        side: limiter.side,
        confidence: limiter.sure ? 'high' : 'low',
        message: `"${commandLine(transfer.command.exchange)}" moved ${amount(bytes)} in ${seconds(durationMs * 1e6)} (${amount(bytesPerSecond)}/s). Limited by ${limiter.words}.`,
        evidence: [
          limiter.evidence ?? at(flow.firstData ?? connection.first, 'first payload'),
          at(flow.fin ?? connection.last, 'end of the data'),
          commandEvidence(transfer.command.exchange),
        ],
        remedy: [limiter.remedy],
        channel,
      }
    }
  },
})

interface Limiter {
  words: string
  side: Side
  remedy: string
  evidence?: Evidence
  sure: boolean
}

/** The first cause with enough weight, in the order in which each hides the ones behind it. */
function limiterOf(session: Session, payload: Payload, durationMs: number): Limiter {
  const { flow, taker, connection, direction, sender, transfer } = payload
  const total = durationMs * 1e6
  const from = addressOf(connection, direction)
  const to = addressOf(connection, opposite(direction))
  const receiver = sender === 'client' ? 'server' : 'client'
  const rtt = connection.roundTrip ?? session.control.roundTrip
  const opened = connection.established?.time ?? connection.first.time
  const first = flow.firstData
  const startUp = first ? first.time - Math.max(opened, transfer.command.exchange.time) : 0
  if (first && startUp > SHARE * total) {
    return {
      words: `a late start: the first byte came ${seconds(startUp)} after the command, ${percent(startUp, total)} of the time`,
      side: sender,
      remedy: `on ${from}: what it does before it sends (generating a listing, look-ups, a tape or archive, a virus scanner)`,
      evidence: at(first, `first payload, ${seconds(startUp)} after the command`),
      sure: true,
    }
  }
  if (taker.firstShut && taker.shutTime > SHARE * total) {
    return {
      words: `the receiver: ${to} kept its window shut for ${seconds(taker.shutTime)}, ${percent(taker.shutTime, total)} of the time`,
      side: receiver,
      remedy: `on ${to}: what keeps the program from reading`,
      evidence: at(taker.firstShut, 'window of 0'),
      sure: true,
    }
  }
  if (flow.retransmissions >= 3 && flow.retransmissions > LOSS * flow.dataSegments) {
    return {
      words: `loss: ${flow.retransmissions} of ${flow.dataSegments} segments (${percent(flow.retransmissions, flow.dataSegments)}) were sent again${rtt === null ? '' : `, at a round trip of ${milliseconds(rtt)}`}`,
      side: 'path',
      remedy: 'find the link that loses packets',
      evidence: at(flow.retransmitted[0]!, 'retransmission'),
      sure: true,
    }
  }
  if (flow.longestPause && flow.pauseTime > SHARE * total) {
    return {
      words: `the sender: ${from} paused ${times(flow.pauses)} for ${seconds(flow.pauseTime)} in all (${percent(flow.pauseTime, total)} of the time) with nothing on the way`,
      side: sender,
      remedy: `on ${from}: what keeps the program from sending (disk, CPU, encryption, a rate limit such as local_max_rate, TransferRate or -T)`,
      evidence: at(flow.longestPause, `behind a pause of ${seconds(flow.longestPause.length)}`),
      sure: true,
    }
  }
  const window = offeredWindow(connection, taker)
  if (window !== null && rtt !== null && rtt > 0 && flow.mostInFlight >= FULL * window) {
    return {
      words: `the receive window: ${to} offers ${amount(window)} at most, which over a round trip of ${milliseconds(rtt)} allows ${amount(window / (rtt / 1e9))}/s`,
      side: receiver,
      remedy: `on ${to}: a larger receive buffer, and window scaling not removed on the way (Linux: net.ipv4.tcp_rmem; Windows: netsh int tcp set global autotuninglevel=normal)`,
      sure: true,
    }
  }
  if (rtt !== null && rtt > 0 && flow.mostInFlight > 0 && flow.waitTime > SHARE * total) {
    return {
      words: `the sender's window: never more than ${amount(flow.mostInFlight)} on the way, which over a round trip of ${milliseconds(rtt)} allows ${amount(flow.mostInFlight / (rtt / 1e9))}/s`,
      side: sender,
      remedy: `on ${from}: a larger send buffer (Linux: net.ipv4.tcp_wmem; vsftpd trans_chunk_size; ProFTPD SocketOptions sndbuf)`,
      sure: true,
    }
  }
  return {
    words:
      'the capacity of the way, as far as the packets show: no loss, no shut window, no pause of the sender explains it',
    side: 'path',
    remedy: 'measure the capacity of the way (iperf3), and look for a rate limit on it',
    sure: false,
  }
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(nanoseconds < 10e6 ? 1 : 0)} ms`
}
