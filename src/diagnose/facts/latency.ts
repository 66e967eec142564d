import { duration } from '../words/quantities.js'
import type { Session } from '../../correlate/model.js'
import type { Reply } from '../../ftp/model.js'

/** How fast a server answered its commands. Times in nanoseconds. */
export interface Latency {
  /** Commands that were answered. */
  commands: number
  median: number
  max: number
  /** From the handshake to the greeting; `null` where one of them was not seen. */
  greeting: number | null
  /** The slowest answers, at most `LISTED`, the slowest first. */
  slowest: readonly CommandLatency[]
  /** The same in words, compared with the round trip. */
  sentence: string
}

export interface CommandLatency {
  frame: number
  command: string
  latency: number
}

/** What is measured; `SessionFacts` has it. */
interface Measured {
  readonly session: Session
  readonly greeting: Reply | null
}

const LISTED = 3
/** Slower than this beyond the way there and back, the server itself was slow, or waited for somebody. */
const SLOW_NS = 1e9

/** `null` where no command with its reply was seen. */
export function latencyOf(facts: Measured): Latency | null {
  const { session } = facts
  const answered: CommandLatency[] = []
  for (const { frame, time, command, replies } of session.dialogue.exchanges) {
    const reply = replies[0]
    // A reply that was captured before its command is no measure.
    if (command !== null && reply && reply.time >= time) answered.push({ frame, command, latency: reply.time - time })
  }
  if (answered.length === 0) return null
  answered.sort((a, b) => a.latency - b.latency)
  const latency = {
    commands: answered.length,
    median: answered[(answered.length - 1) >> 1]!.latency,
    max: answered.at(-1)!.latency,
    greeting: greetingDelay(facts),
    slowest: answered.slice(-LISTED).reverse(),
  }
  return { ...latency, sentence: sentenceOf(session, latency) }
}

/** From the end of the handshake to the 220: the server's look-ups, and its start. */
export function greetingDelay({ session, greeting }: Measured): number | null {
  const { established } = session.control
  return greeting && established && greeting.time >= established.time ? greeting.time - established.time : null
}

/** The way from here to the server and back, as the handshake shows it: no answer can come faster. */
export function wayToServer(session: Session): number | null {
  const { syns, synAcks, synAttempts, synAckAttempts } = session.control
  if (synAttempts !== 1 || synAckAttempts !== 1) return null
  return synAcks[0]!.time - syns[0]!.time
}

function sentenceOf(session: Session, latency: Omit<Latency, 'sentence'>): string {
  const { commands, median, greeting, slowest } = latency
  const way = wayToServer(session)
  const from = way === null ? '' : ` (the way to the server and back takes ${duration(way)} from here)`
  const slow = slowest.filter((each) => each.latency > SLOW_NS + (way ?? 0))
  const first = slowest[0]!
  const parts = [
    commands === 1
      ? `${first.command} was answered after ${duration(first.latency)}${from}.`
      : `Half of ${commands} commands were answered within ${duration(median)}${from}.`,
  ]
  if (slow.length > 0 && commands > 1) parts.push(`Slow: ${slow.map(told).join(', ')}.`)
  else if (commands > 1) parts.push(`The slowest was ${told(first)}.`)
  if (greeting !== null && greeting > SLOW_NS)
    parts.push(`The greeting came ${duration(greeting)} after the handshake.`)
  return parts.join(' ')
}

function told({ command, latency, frame }: CommandLatency): string {
  return `${command} after ${duration(latency)} (#${frame})`
}
