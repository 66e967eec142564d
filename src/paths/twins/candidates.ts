import { type Traits, payloadKey, tupleOf } from './traits.js'

/** Observations with the same value, of which none is a twin for that reason alone. */
const MOST_IN_BUCKET = 24
/** Packets of a connection captured from its middle that are looked for elsewhere. */
const LOOKED_FOR = 4

/** Pairs of observations that have something in common which is worth a closer look; each once, by index. */
export function candidatePairs(all: readonly Traits[]): [number, number][] {
  const buckets = new Map<string, number[]>()
  all.forEach((traits, index) => {
    for (const key of keysOf(traits)) {
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [index])
      else if (bucket.length <= MOST_IN_BUCKET) bucket.push(index)
    }
  })
  const found = new Set<number>()
  const pairs: [number, number][] = []
  const consider = (a: number, b: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a]
    const key = low * all.length + high
    if (low === high || found.has(key)) return
    found.add(key)
    pairs.push([low, high])
  }
  for (const bucket of buckets.values()) {
    if (bucket.length > MOST_IN_BUCKET) continue
    for (const a of bucket) for (const b of bucket) if (a < b) consider(a, b)
  }
  for (const [a, b] of midstreamPairs(all)) consider(a, b)
  return pairs
}

function* keysOf(traits: Traits): Iterable<string> {
  const { observation, sample } = traits
  const [ofInitiator, ofResponder] = observation.initialSequences
  yield `tuple ${tupleOf(observation)}`
  if (ofInitiator !== null) yield `initiator ${ofInitiator}`
  if (ofResponder !== null && ofResponder !== 0) yield `responder ${ofResponder}`
  // An attempt of which nothing is left but its SYN's timestamp and ports.
  const { log } = observation
  for (const syn of traits.allSyns) {
    if (log.timestamp(syn) !== 0) yield `syn ${log.direction(syn)} ${log.timestamp(syn)}`
  }
  // A dialogue whose sequence numbers were changed: its first packets, which greetings and logins alone do not make.
  for (let at = 3; at < Math.min(sample.length, 9); at++) {
    yield `payload ${sample[at - 2]!.key} ${sample[at - 1]!.key} ${sample[at]!.key}`
  }
}

/** Connections captured from their middle have no handshake: their packets are looked for in all others. */
function* midstreamPairs(all: readonly Traits[]): Iterable<[number, number]> {
  const wanted = new Map<number, number[]>()
  all.forEach((traits, index) => {
    if (traits.observation.opened) return
    const { observation, sample } = traits
    for (const { row, key } of sample.slice(0, LOOKED_FOR)) {
      const place = key ^ observation.log.sequence(row)
      const known = wanted.get(place)
      if (!known) wanted.set(place, [index])
      else if (known.length <= MOST_IN_BUCKET) known.push(index)
    }
  })
  if (wanted.size === 0) return
  for (const [index, { observation }] of all.entries()) {
    const { log } = observation
    for (let row = 0; row < log.size; row++) {
      if (log.isIcmp(row) || log.length(row) === 0) continue
      for (const direction of [0, 1 << 31]) {
        // Which way it went is not certain in a connection captured from its middle.
        const others = wanted.get(payloadKey(observation, row) ^ direction ^ log.sequence(row))
        for (const other of others ?? []) if (other !== index) yield [index, other]
      }
    }
  }
}
