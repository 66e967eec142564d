import type { Clock } from '../../capture/time.js'
import type { Inferred } from '../../correlate/model.js'
import type { Latency } from '../../diagnose/facts/latency.js'
import { confidenceOf } from '../../ftp/inference/infer.js'
import { type Exchange, FROM_CLIENT, type Reply } from '../../ftp/model.js'
import type { ExchangeReport, LatencyReport, ReplyReport } from '../contract.js'
import type { InferredExchangeReport } from '../inferred-exchange.js'
import { toMilliseconds } from './milliseconds.js'

export function describeExchange(exchange: Exchange, clock: Clock): ExchangeReport {
  const { frame, command, argument, clipped, encrypted } = exchange
  const time = clock.iso(exchange.time)
  const replies = exchange.replies.map((reply) => describeReply(reply, clock))
  const first = exchange.replies[0]
  const latencyMs = command === null || !first ? null : toMilliseconds(first.time - exchange.time)
  if (!clipped && !encrypted) return { frame, time, command, argument, replies, latencyMs }
  const marks = { ...(clipped && { cut: true as const }), ...(encrypted && { encrypted: true as const }) }
  return { frame, time, command, argument, ...marks, replies, latencyMs }
}

function describeReply({ frame, time, code, text, clipped }: Reply, clock: Clock): ReplyReport {
  const report: ReplyReport = { frame, time: clock.iso(time), code, text }
  if (clipped) report.cut = true
  return report
}

export function describeInference({ inference }: Inferred, clock: Clock): InferredExchangeReport[] {
  const claimed = inference.records.filter(({ claimed }) => claimed)
  return claimed.map(({ frame, time, direction, bytes, command, code, text, probability }) => ({
    frame,
    time: clock.iso(time),
    direction: direction === FROM_CLIENT ? ('client' as const) : ('server' as const),
    bytes,
    command,
    code,
    text,
    confidence: confidenceOf(probability),
    probability: Math.floor(probability * 1000) / 1000,
  }))
}

export function describeLatency(latency: Latency | null): LatencyReport | null {
  return (
    latency && {
      commands: latency.commands,
      medianMs: toMilliseconds(latency.median),
      maxMs: toMilliseconds(latency.max),
      greetingMs: latency.greeting === null ? null : toMilliseconds(latency.greeting),
      slowest: latency.slowest.map(({ frame, command, latency: time }) => ({
        frame,
        command,
        latencyMs: toMilliseconds(time),
      })),
      sentence: latency.sentence,
    }
  )
}
