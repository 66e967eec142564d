import type { FindingReport, SessionPathReport, SessionPlaceReport, SessionReport } from '../contract.js'
import { endpointWords } from '../../diagnose/words/ends.js'
import { hopWords } from '../compare/hop-words.js'
import { pathLadder } from '../compare/ladder-text.js'
import { fateGroups, groupFrames, KIND_WORDS } from '../place/fate-groups.js'
import { shortName } from '../place/file-frames.js'
import { tsharkLine } from '../place/paste.js'
import type { TextContext } from './context.js'
import type { LabelledLines } from './labelled.js'
import { printable } from './printable.js'
import { count, duration, plural } from './units.js'
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

const WHERE: Record<SessionPlaceReport['at'], string> = {
  client: ', at the client',
  server: ', at the server',
  middle: ', on the way',
  unknown: '',
}

/** "server.pcap, at the server: session 2, from 10.0.0.2:1234 to …, #1 (#61 of the input), tcp.stream 3 (5 …); …" */
export function placeWords(place: SessionPlaceReport): string {
  const { file, at, session, client, server, firstFrame, localFirstFrame, tcpStream, localTcpStream } = place
  const facts = [
    session === null ? 'nothing of the control connection' : `session ${session}`,
    client && server ? `${endpointWords(client)} → ${endpointWords(server)}` : null,
    firstFrame === null ? null : `from ${beside('#', localFirstFrame, firstFrame)}`,
    tcpStream === null ? null : `tcp.stream ${beside('', localTcpStream, tcpStream)}`,
    clockWords(place),
  ]
  return `${file}${WHERE[at]}: ${facts.filter((fact) => fact !== null).join(', ')}`
}

/** A number in its own file, and beside it the one in the whole input. */
function beside(mark: string, local: number | null, whole: number): string {
  if (local === null) return `${mark}${whole} of the input`
  return local === whole ? `${mark}${local}` : `${mark}${local} (${mark}${whole} of the input)`
}

function clockWords({ clockOffsetMs, clockUncertaintyMs }: SessionPlaceReport): string | null {
  if (clockOffsetMs === null || (clockOffsetMs === 0 && (clockUncertaintyMs ?? 0) === 0)) return null
  if (clockUncertaintyMs !== null && Math.abs(clockOffsetMs) <= clockUncertaintyMs) {
    return `clock agrees within ± ${duration(clockUncertaintyMs)}`
  }
  const way = clockOffsetMs < 0 ? 'behind' : 'ahead'
  const sure = clockUncertaintyMs === null ? '' : ` ± ${duration(clockUncertaintyMs)}`
  return `clock ${duration(Math.abs(clockOffsetMs))} ${way}${sure}`
}

/** A ladder for each connection to which something happened, else for the first, with a column for each place. */
export function* pathLadders(raw: SessionPathReport, isWhole: boolean, context: TextContext): Iterable<string> {
  const most = isWhole ? MOST_LADDERS : LADDERS
  const withEvents = raw.connections.filter(({ packets }) => packets.some(isEvent))
  const eventful = isWhole ? raw.connections : withEvents.length > 0 ? withEvents : raw.connections.slice(0, 1)
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

function isEvent({ end, start, became }: SessionPathReport['connections'][number]['packets'][number]): boolean {
  return end === 'lost' || start === 'injected' || became.length > 0
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

export function countWords({ arrived, lost, changed, injected, onlyHere }: SessionPathReport['counts']): string {
  const parts = [
    `${plural(arrived, 'packet')} arrived unchanged`,
    lost > 0 ? `${count(lost)} lost` : '',
    changed > 0 ? `${count(changed)} changed` : '',
    injected > 0 ? `${count(injected)} injected` : '',
    onlyHere > 0 ? `${count(onlyHere)} in one capture only` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** A line to paste for each place: its file, and the session's streams there. */
export function pasteLines(
  path: SessionPathReport | null,
  session: SessionReport,
  findings: readonly FindingReport[],
  { frames, joined }: Pick<TextContext, 'frames' | 'joined'>,
): string[] {
  const shown = new Set(findings.map(({ id }) => id))
  if (!path) return [tsharkLine(session, findings, null, frames)].filter((line) => line !== null)
  return path.places.flatMap((place) => {
    const there = place.session === null ? null : joined.sessionOf(place.session)
    if (!there) return []
    const own = there.id === session.id ? findings : there.findings.filter(({ id }) => shown.has(id))
    return tsharkLine(there, own, place, frames) ?? []
  })
}

/** "2 sessions were captured at several places, and each counts once: client.pcap, server.pcap" */
export function joinedLine({ paths = [] }: { paths?: readonly SessionPathReport[] }): string | null {
  if (paths.length === 0) return null
  const files = [...new Set(paths.flatMap(({ places }) => places.map(({ file }) => file)))]
  const named = files.slice(0, NAMED_FILES).map(shortName)
  const more = files.length > NAMED_FILES ? ` and ${plural(files.length - NAMED_FILES, 'more place')}` : ''
  const what = paths.length === 1 ? '1 session was' : `${count(paths.length)} sessions were`
  return `${what} captured at several places, and ${paths.length === 1 ? 'counts' : 'each counts'} once: ${named.join(', ')}${more}`
}

const NAMED_FILES = 6
