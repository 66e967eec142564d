import type { SessionPathReport, SessionReport } from '../contract.js'
import { hopWords } from '../compare/hop-words.js'
import { fateGroups, groupFrames, KIND_WORDS } from '../place/fate-groups.js'
import { networkTicket } from '../place/network-ticket.js'
import { countWords, placeWords } from '../place/place-words.js'
import type { TextContext } from '../text/context.js'
import { pathLadders } from '../text/path-details.js'
import { count } from '../text/units.js'
import { code, codeBlock, inline, markdownTable } from './escape.js'

/** Fates that are listed; JSON has all. */
const LISTED = 20
const MOST_LISTED = 200

/** Of a session that several places saw: where, what lies between them, and what became of its packets. */
export function* pathSection(
  path: SessionPathReport,
  session: SessionReport,
  isWhole: boolean,
  context: TextContext,
): Iterable<string> {
  const { places, hops, signs, counts, fatesLeftOut } = path
  yield ''
  yield '**Places**'
  yield ''
  for (const place of places) yield `- ${inline(placeWords(place))}`
  for (const [at, hop] of hops.entries()) {
    const words = hopWords(hop)
    const [from, to] = [code(places[at]!.file), code(places[at + 1]!.file)]
    if (words !== '') yield `- between ${from} and ${to}: ${inline(words)}`
  }
  if (signs.length > 0) yield `- the same session by: ${inline(signs.join(', '))}`
  const ticket = networkTicket(path, session)
  if (ticket.length > 0) {
    yield ''
    yield '**For those who run what lies between**'
    yield ''
    for (const sentence of ticket) yield `- ${inline(sentence)}`
  }
  yield ''
  yield `**Packets between the places:** ${inline(countWords(counts))}`
  const groups = fateGroups(path.fates).filter(({ kind }) => isWhole || kind !== 'only-here')
  const listed = groups.slice(0, isWhole ? MOST_LISTED : LISTED)
  if (listed.length > 0) {
    yield ''
    yield* markdownTable(
      ['Fate', 'Frames', 'What became of it'],
      listed.map((group) => [KIND_WORDS[group.kind], inline(groupFrames(group)), inline(group.what)]),
    )
  }
  const more = groups.length - listed.length + fatesLeftOut
  if (more > 0) {
    yield ''
    yield `${count(more)} more in the JSON report.`
  }
  yield ''
  yield* codeBlock([...pathLadders(path, session, isWhole, context)].slice(1))
}
