import { hopWords } from '../compare/hop-words.js'
import { pathLadder } from '../compare/ladder-text.js'
import type { SessionPathReport, SessionReport } from '../contract.js'
import { fateGroups, groupFrames, KIND_WORDS } from '../place/fate-groups.js'
import { countWords, placeWords } from '../place/place-words.js'
import { tellingConnections } from '../place/telling-connections.js'
import type { TextContext } from './context.js'
import type { LabelledLines } from './labelled.js'
import { printable } from './printable.js'
import { count, plural } from './units.js'
import { hang } from './wrap.js'

/** Connections whose ladder is drawn, and fates that are listed, of a session that was not requested by its id. */
const LADDERS = 3
const LISTED_FATES = 10
/** The same of one that was. */
const MOST_LADDERS = 20
const MOST_LISTED_FATES = 200

/** The places that saw a session, and what is different between them, each once. */
export function addPlaces(body: LabelledLines, raw: SessionPathReport): void {
  const { places, hops, signs } = printable({ ...raw, fates: [], connections: [] })
  for (const place of places) body.add('places', placeWords(place))
  for (const [at, hop] of hops.entries()) {
    const words = hopWords(hop)
    if (words !== '') body.add('between', `${places[at]!.file} and ${places[at + 1]!.file}: ${words}`)
  }
  if (signs.length > 0) body.add('same', signs.join(', '))
}

/** A ladder with a column for each place, for each connection that shows what happened, or for all. */
export function* pathLadders(
  raw: SessionPathReport,
  session: SessionReport,
  isWhole: boolean,
  context: TextContext,
): Iterable<string> {
  const most = isWhole ? MOST_LADDERS : LADDERS
  const eventful = isWhole ? raw.connections : tellingConnections(raw, session)
  const { places, connections } = printable({ places: raw.places, connections: eventful.slice(0, most) })
  for (const { kind, dataChannel, verdict, packets } of connections) {
    const lead = kind === 'control' ? 'control connection' : `data connection ${dataChannel ?? ''}`.trimEnd()
    yield ''
    yield* hang('   ', 3, `${context.style.heading(lead)}  ${verdict}`, context.width)
    const local = packets.map((packet) => ({ ...packet, frames: packet.localFrames }))
    yield* pathLadder({ places, packets: local }, context)
  }
  if (eventful.length > most) yield `   and ${plural(eventful.length - most, 'more connection')}`
}

/** How many packets arrived, and what became of the others. */
export function addFates(body: LabelledLines, raw: SessionPathReport, isWhole: boolean): void {
  const { counts, fatesLeftOut } = raw
  body.add('packets', countWords(counts))
  const groups = fateGroups(raw.fates).filter(({ kind }) => isWhole || kind !== 'only-here')
  const most = isWhole ? MOST_LISTED_FATES : LISTED_FATES
  for (const group of groups.slice(0, most)) {
    body.add(KIND_WORDS[group.kind], printable(`${groupFrames(group)}: ${group.what}`))
  }
  const more = Math.max(0, groups.length - most)
  if (more + fatesLeftOut > 0) body.add('', `and ${count(more + fatesLeftOut)} more in the JSON report`)
}
