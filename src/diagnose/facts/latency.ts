import { duration } from '../words/quantities.js'
import type { Session } from '../../correlate/model.js'
import type { Reply } from '../../ftp/model.js'

/** How fast a server answered its commands. Times in nanoseconds. */
export interface Latency {
  /** Commands that received a reply. */
  commands: number
  median: number
  max: number
  /** From the handshake to the greeting; `null` if one of them was not captured. */
  greeting: number | null
  /** The slowest replies, at most `LISTED`, slowest first. */
  slowest: readonly CommandLatency[]
  /** The same in words, compared with the round-trip time. */
  sentence: string
}

export interface CommandLatency {
  frame: number
  command: string
  latency: number
}

/** The facts that the measurement is based on; `SessionFacts` provides them. */
interface Measured {
  readonly session: Session
  readonly greeting: Reply | null
}

const LISTED = 3
/** A reply that takes this much longer than the round trip was delayed by the server, or by something it waited for. */
const SLOW_NS = 1e9

/** `null` if no command with its reply was captured. */
export function latencyOf(facts: Measured): Latency | null {
  const { session } = facts
  const latencies: number[] = []
  const slowest: CommandLatency[] = []
  for (const { frame, time, command, replies } of session.dialogue.exchanges) {
    const reply = replies[0]
    // A reply that was captured before its command cannot be measured.
    if (command === null || !reply || reply.time < time) continue
    const latency = reply.time - time
    latencies.push(latency)
    let at = slowest.length
    while (at > 0 && slowest[at - 1]!.latency <= latency) at--
    if (at === LISTED) continue
    slowest.splice(at, 0, { frame, command, latency })
    if (slowest.length > LISTED) slowest.pop()
  }
  if (latencies.length === 0) return null
  latencies.sort((a, b) => a - b)
  const latency: Latency = {
    commands: latencies.length,
    median: latencies[(latencies.length - 1) >> 1]!,
    max: slowest[0]!.latency,
    greeting: greetingDelay(facts),
    slowest,
    sentence: '',
  }
  latency.sentence = sentenceOf(session, latency)
  return latency
}

/** From the end of the handshake to the 220: the server looks up the client, and starts. */
export function greetingDelay({ session, greeting }: Measured): number | null {
  const { established } = session.control
  return greeting && established && greeting.time >= established.time ? greeting.time - established.time : null
}

/** Round-trip time from the observation point to the server, by the handshake: no reply can be faster. */
export function wayToServer(session: Session): number | null {
  const { syns, synAcks, synAttempts, synAckAttempts } = session.control
  if (synAttempts !== 1 || synAckAttempts !== 1) return null
  return synAcks[0]!.time - syns[0]!.time
}

function sentenceOf(session: Session, latency: Latency): string {
  const { commands, median, greeting, slowest } = latency
  const way = wayToServer(session)
  const from = way === null ? '' : ` (round-trip time to the server: ${duration(way)})`
  const slow = slowest.filter((each) => each.latency > SLOW_NS + (way ?? 0))
  const first = slowest[0]!
  const parts = [
    commands === 1
      ? `Reply to ${first.command} after ${duration(first.latency)}${from}.`
      : `Median reply time of ${commands} commands: ${duration(median)}${from}.`,
  ]
  if (slow.length > 0 && commands > 1) parts.push(`Slow replies: ${slow.map(told).join(', ')}.`)
  else if (commands > 1) parts.push(`Slowest reply: ${told(first)}.`)
  if (greeting !== null && greeting > SLOW_NS) parts.push(`Greeting ${duration(greeting)} after the handshake.`)
  return parts.join(' ')
}

function told({ command, latency, frame }: CommandLatency): string {
  return `${command} after ${duration(latency)} (#${frame})`
}
