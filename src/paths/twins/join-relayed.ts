import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from '../digest/observation.js'
import type { Path } from '../model.js'
import type { Sign } from './signs.js'
import { payloadKey } from './traits.js'

/** A dialogue of fewer messages could be anyone's. */
const LEAST_MESSAGES = 6
const MOST_MESSAGES = 512
/** Share of messages that both connections must have, since a proxy rewrites announcements. */
const ALIKE = 0.7
/** How much the delays through a proxy may vary, as a share of what the dialogue took. */
const SAME_PACE = 0.1
const LEAST_SPAN_NS = 2e8

interface Dialogue {
  observation: Observation
  messages: { key: number; time: number }[]
}

/**
 * Finds connections with the same dialogue that are not the same connection: a proxy between them terminates TCP. Only
 * where both have no other candidate, the messages came at the same pace, and the proxy is an end of both: scripts have
 * the same dialogue with a server every night. A proxy that takes the addresses of both ends is not recognized.
 */
export function joinRelayed(alone: readonly Observation[]): Path[] {
  const dialogues = alone.map(dialogueOf).filter(({ messages }) => messages.length >= LEAST_MESSAGES)
  const candidates: { a: Dialogue; b: Dialogue }[] = []
  const byMessage = new Map<string, Dialogue[]>()
  for (const dialogue of dialogues) {
    const { messages } = dialogue
    // Three messages in a row, so that common greetings do not bring all servers of a kind together.
    const keys = new Set(messages.slice(2).map(({ key }, at) => `${messages[at]!.key} ${messages[at + 1]!.key} ${key}`))
    const compared = new Set<Dialogue>()
    for (const key of keys) {
      const known = byMessage.get(key) ?? []
      for (const other of known) {
        if (compared.has(other) || other.observation.place === dialogue.observation.place) continue
        compared.add(other)
        if (isSameDialogue(other, dialogue)) candidates.push({ a: other, b: dialogue })
      }
      if (known.length < MOST_MESSAGES) byMessage.set(key, [...known, dialogue])
    }
  }
  const counts = new Map<Dialogue, number>()
  for (const { a, b } of candidates) for (const each of [a, b]) counts.set(each, (counts.get(each) ?? 0) + 1)
  return candidates
    .filter(({ a, b }) => counts.get(a) === 1 && counts.get(b) === 1)
    .flatMap(({ a, b }) => {
      const path = pathOf(a.observation, b.observation)
      return path ? [path] : []
    })
}

function dialogueOf(observation: Observation): Dialogue {
  const { log } = observation
  const messages: Dialogue['messages'] = []
  const seen = new Set<number>()
  for (let row = 0; row < log.size && messages.length < MOST_MESSAGES; row++) {
    if (log.isIcmp(row) || log.length(row) === 0 || (log.flags(row) & TcpFlag.Syn) !== 0) continue
    const place = log.sequence(row) ^ (log.direction(row) << 31)
    if (log.text(row) === null || seen.has(place)) continue
    seen.add(place)
    messages.push({ key: payloadKey(observation, row), time: log.time(row) })
  }
  return { observation, messages }
}

function isSameDialogue(a: Dialogue, b: Dialogue): boolean {
  const shifts: number[] = []
  const times: number[] = []
  let from = 0
  for (const message of a.messages) {
    const at = b.messages.findIndex(({ key }, index) => index >= from && key === message.key)
    if (at < 0) continue
    shifts.push(b.messages[at]!.time - message.time)
    times.push(message.time)
    from = at + 1
  }
  if (shifts.length < LEAST_MESSAGES) return false
  if (shifts.length < ALIKE * Math.max(a.messages.length, b.messages.length)) return false
  const span = times.at(-1)! - times[0]!
  if (span < LEAST_SPAN_NS) return false
  const spread = Math.max(...shifts) - Math.min(...shifts)
  return spread <= span * SAME_PACE
}

/** The proxy is the responder of one connection and the initiator of the other. */
function pathOf(a: Observation, b: Observation): Path | null {
  const isProxy = (first: Observation, second: Observation): boolean =>
    first.responder.address === second.initiator.address
  const observations = isProxy(a, b) ? [a, b] : isProxy(b, a) ? [b, a] : null
  if (!observations) return null
  const signs: Sign[] = [
    { kind: 'payload', bits: 16 },
    { kind: 'intervals', bits: 12 },
  ]
  return { observations, signs, hops: [NO_HOP], fates: [], relayedAfter: 0, absent: [] }
}

/** Between two connections no packet is the same. */
const NO_HOP: Path['hops'][number] = { alignment: null, routers: [null, null], steady: [], delays: [], arrived: [0, 0] }
