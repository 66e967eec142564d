import { FROM_CLIENT, FROM_SERVER } from '../model.js'
import { tupleLength } from './announced-tuple.js'
import { type Ending, type Event, Grammar, type Label, type RecordEvent } from './grammar.js'
import { type Posterior, posterior } from './lattice.js'
import { LabelShares } from './label-shares.js'
import type { DataOpening, HiddenRecord, Inference, InferredRecord } from './model.js'
import { KNOWN_SERVERS, ReplyModel } from './reply-model.js'
import { initialState } from './state.js'
import type { Template } from './template.js'

/** What is known beside the records themselves. */
export interface Circumstances {
  /** The server begins with a greeting (implicit TLS). */
  greeting: boolean
  /** TLS 1.3: the server may send session tickets first. */
  tickets: boolean
  /** The server's software as it was named before TLS began; `null` without. */
  software: string | null
  /** The text of its 234; `null` without one. */
  authReply: string | null
  clientAddress: string
  serverAddress: string
  /** Attempts to open data connections, in order. */
  openings: readonly DataOpening[]
  ending: Ending
}

/** Records that are told apart; later ones are of a session that has told enough. */
const MOST_RECORDS = 512
/** Least probability of what is said. */
const LEAST_PROBABILITY = 0.8
/** Least probability of what is followed up, but not said. */
const LEAST_GUESS = 0.5
/** From here on it is as good as certain: `npm run lab` holds it to 98 of 100 right. */
const HIGH_PROBABILITY = 0.98
/** More than this, a record may be a password, whose length is nobody's business. */
const MAY_BE_PASSWORD = 0.001
const SECRETS = new Set<Label>(['PASS', 'ACCT'])
/** Who has named itself is that, unless the name is made up. */
const NAMED = 0.98
/** Share of the known servers among those of which nothing was heard (implicit TLS). */
const UNNAMED = 0.85
/** Mean logarithm of the probabilities of records whose server is known for sure. */
const FITS = -4
/** Data connections follow their announcements after no more than so many commands. */
const COMMANDS_UNTIL_OPENING = 2

export function confidenceOf(probability: number): 'high' | 'medium' {
  return probability >= HIGH_PROBABILITY ? 'high' : 'medium'
}

const models = new Map<string | null, ReplyModel>()

/** The likeliest dialogue; `null` without records. */
export function inferDialogue(all: readonly HiddenRecord[], circumstances: Circumstances): Inference | null {
  const records = all.slice(0, MOST_RECORDS)
  if (records.length === 0) return null
  const { greeting, tickets, openings, serverAddress, ending } = circumstances
  const events = eventsOf(records, circumstances)
  const initial = initialState(greeting, tickets)
  const candidates: Candidate[] = []
  for (const { name, prior } of candidatesFor(circumstances)) {
    // What nobody knows says nothing more where a server's own texts explain all there is.
    if (name === null && candidates.some(({ result }) => result.log > FITS * events.length)) continue
    const grammar = new Grammar(modelOf(name), records, serverAddress.length, openings.length > 0)
    candidates.push({ name, prior, result: posterior(grammar, initial, events, ending) })
  }
  const best = candidates.reduce((most, { prior, result }) => Math.max(most, Math.log(prior) + result.log), -Infinity)
  const weighed = candidates.map((each) => ({ ...each, weight: each.prior * Math.exp(each.result.log - best) }))
  const sum = weighed.reduce((total, { weight }) => total + weight, 0)
  const likeliest = weighed.reduce((one, other) => (other.weight > one.weight ? other : one))
  const inferred: InferredRecord[] = []
  for (const [index, event] of events.entries()) {
    if (event.kind !== 'record') continue
    const labels = mixedLabels(weighed, sum, index)
    const record = inferredRecord(event.record, labels)
    if (record) inferred.push(record)
  }
  return { server: likeliest.name, records: inferred }
}

function modelOf(name: string | null): ReplyModel {
  let model = models.get(name)
  if (!model) models.set(name, (model = new ReplyModel(name === null ? null : KNOWN_SERVERS[name]!)))
  return model
}

function candidatesFor({ software, authReply }: Circumstances): { name: string | null; prior: number }[] {
  const names = Object.keys(KNOWN_SERVERS)
  const named = names.filter((name) => software?.startsWith(name))
  // Another server that is known by its name has none of these texts.
  if (software !== null && named.length === 0) return [{ name: null, prior: 1 }]
  const alike = named.length > 0 ? named : names.filter((name) => saysAtAuth(name, authReply))
  const prior = authReply === null && named.length === 0 ? UNNAMED : NAMED
  if (alike.length === 0) return [{ name: null, prior: 1 }]
  return [...alike.map((name) => ({ name, prior: prior / alike.length })), { name: null, prior: 1 - prior }]
}

/** Whether a server answers AUTH in these words, as far as they are known. */
function saysAtAuth(name: string, reply: string | null): boolean {
  return reply === null || (KNOWN_SERVERS[name]!.AUTH ?? []).some((text) => text === `234 ${reply}`)
}

interface Candidate {
  name: string | null
  prior: number
  result: Posterior
}

type Weighed = Pick<Candidate, 'result'> & { weight: number }

/** The label of one event by all candidates together. */
function mixedLabels(candidates: readonly Weighed[], sum: number, index: number): LabelShares {
  const mixed = new LabelShares()
  for (const { result, weight } of candidates) {
    if (weight === 0) continue
    const { labels, shares } = result.labels[index]!
    for (let at = 0; at < labels.length; at++) mixed.add(labels[at]!, (shares[at]! * weight) / sum)
  }
  return mixed
}

function inferredRecord(record: HiddenRecord, { labels, shares }: LabelShares): InferredRecord | null {
  const { frame, time, direction, least, most } = record
  const meanings: { meaning: string | number; share: number; best: Label; bestShare: number }[] = []
  let secret = 0
  for (const [index, label] of labels.entries()) {
    const share = shares[index]!
    if (SECRETS.has(label)) secret += share
    const meaning = typeof label === 'string' ? label : label.code
    const known = meanings.find((each) => each.meaning === meaning)
    if (!known) meanings.push({ meaning, share, best: label, bestShare: share })
    else {
      known.share += share
      if (share > known.bestShare) {
        known.best = label
        known.bestShare = share
      }
    }
  }
  const { meaning, share, best } = meanings.reduce((one, other) => (other.share > one.share ? other : one))
  if (meaning === 'ticket' && share >= LEAST_PROBABILITY) return null
  const claimed = share >= LEAST_PROBABILITY && meaning !== 'unknown'
  const bytes = least === most && secret <= MAY_BE_PASSWORD ? least : null
  const common = { frame, time, direction, bytes, probability: Math.min(1, share), claimed }
  if (share < LEAST_GUESS || meaning === 'unknown') return { ...common, command: null, code: null, text: null }
  if (direction === FROM_CLIENT) return { ...common, command: String(meaning), code: null, text: null }
  return { ...common, command: null, code: Number(meaning), text: (best as Template).text }
}

/** Records and openings in the order of their times. */
function eventsOf(records: readonly HiddenRecord[], circumstances: Circumstances): Event[] {
  const { openings } = circumstances
  const events: Event[] = []
  let next = 0
  for (const [index, record] of records.entries()) {
    for (; next < openings.length && isBefore(openings[next]!, record); next++)
      events.push(openingEvent(openings[next]!, records[index - 1]))
    events.push(recordEvent(records, index, next, circumstances))
  }
  for (; next < openings.length; next++) events.push(openingEvent(openings[next]!, records.at(-1)))
  return events
}

/** What a client does within this time of a reply, before anything else is said, it does because of the reply. */
const AT_ONCE_NS = 20e6

function openingEvent(opening: DataOpening, last: HiddenRecord | undefined): Event {
  const prompt = last?.direction === FROM_SERVER && opening.time - last.time < AT_ONCE_NS
  return { kind: 'opening', opening, prompt }
}

function isBefore(opening: DataOpening, record: HiddenRecord): boolean {
  return opening.time < record.time || (opening.time === record.time && opening.frame < record.frame)
}

function recordEvent(records: readonly HiddenRecord[], index: number, next: number, at: Circumstances): RecordEvent {
  const record = records[index]!
  const mode = record.direction === FROM_SERVER ? 'passive' : 'active'
  const end = endOfWait(records, index)
  const after = at.openings.slice(next, next + 2).find((each) => each.mode === mode && each.time <= end) ?? null
  const own = record.direction === FROM_SERVER ? at.serverAddress : at.clientAddress
  const address = after?.address ?? own
  return {
    kind: 'record',
    index,
    record,
    before: at.openings[next - 1] ?? null,
    after,
    ownTuple: address.includes(':') ? null : tupleLength(address, after?.port ?? null),
  }
}

/** When a data connection that this record announces should have been opened. */
function endOfWait(records: readonly HiddenRecord[], index: number): number {
  let commands = 0
  for (let at = index + 1; at < records.length; at++)
    if (records[at]!.direction === FROM_CLIENT && ++commands > COMMANDS_UNTIL_OPENING) return records[at]!.time
  return Infinity
}
