import { endpointWords } from '../../diagnose/words/ends.js'
import type { ReportOptions } from '../format.js'
import { LabelledLines } from '../text/labelled.js'
import { printable } from '../text/printable.js'
import { count, duration, plural } from '../text/units.js'
import { hang } from '../text/wrap.js'
import type { AloneReport, ClockReport, ComparisonReport, FateCounts, PathReport } from './contract.js'
import { hopWords } from './hop-words.js'
import { pathLadder } from './ladder-text.js'

/** Paths that arrived unchanged and are listed one by one; the others always are. */
const QUIET_PATHS = 20

/** The comparison for a terminal: the places and their clocks, the counts, then each connection with its ladder. */
export function* comparisonText(
  report: ComparisonReport,
  options: Pick<ReportOptions, 'width' | 'style' | 'all'>,
): Iterable<string> {
  const { places, clocks, summary, paths, alone, limits } = printable(report)
  const { style, width } = options
  for (const place of places) {
    const files = place.files.length > 1 ? ` and ${plural(place.files.length - 1, 'more file')}` : ''
    const frames = place.files.reduce((sum, file) => sum + file.frames, 0)
    const facts = [
      plural(frames, 'frame'),
      plural(place.connections, 'TCP connection'),
      `${count(place.ftpConnections)} of FTP`,
    ]
    yield `${style.heading(place.name)}${files}   ${facts.join('   ')}`
  }
  yield ''
  yield* summaryLines(report, summary, options)
  for (const clock of clocks) yield* hang('', 0, clockWords(clock, places), width)
  let quiet = 0
  for (const path of paths) {
    const isQuiet = countOf(path.counts) === 0 && !path.hops.some(({ relayed }) => relayed)
    if (isQuiet && ++quiet > QUIET_PATHS && !options.all) continue
    yield ''
    yield* pathLines(path, isQuiet, options)
  }
  if (quiet > QUIET_PATHS && !options.all) {
    yield ''
    yield `${plural(quiet - QUIET_PATHS, 'more connection')} arrived unchanged; --all lists them`
  }
  yield* aloneLines(alone, places, options)
  for (const limit of limits) {
    yield ''
    yield* hang('', 0, limit, width)
  }
}

function* summaryLines(
  { paths, alone }: ComparisonReport,
  summary: ComparisonReport['summary'],
  { style, width }: Pick<ReportOptions, 'width' | 'style'>,
): Iterable<string> {
  if (summary.joined === 0) {
    yield style.degraded('The captures have no connection in common')
    if (paths.length === 0 && alone.length > 0) yield ''
    return
  }
  const { fates } = summary
  const parts = [
    `${plural(summary.joined, 'connection')} in common`,
    `${plural(fates.arrived, 'packet')} arrived unchanged`,
    fates.lost > 0 ? style.failed(`${count(fates.lost)} lost`) : '',
    fates.changed > 0 ? style.degraded(`${count(fates.changed)} changed`) : '',
    fates.injected > 0 ? style.failed(`${count(fates.injected)} injected`) : '',
    fates.onlyHere > 0 ? `${count(fates.onlyHere)} in one capture only` : '',
  ]
  yield* hang('', 0, parts.filter((part) => part !== '').join('   '), width + 40)
}

function clockWords(clock: ClockReport, places: ComparisonReport['places']): string {
  const [from, to] = [places[clock.from]!.name, places[clock.to]!.name]
  const { offsetMs, uncertaintyMs, driftPpm, consistent } = clock
  const jump = consistent ? '' : '; no steady clocks explain the packets: one was set during the capture'
  const drift = driftPpm === null || driftPpm === 0 ? '' : `, drift ${driftPpm} ppm`
  if (uncertaintyMs !== null && consistent && Math.abs(offsetMs) <= uncertaintyMs) {
    return `The clocks of ${from} and ${to} agree within ± ${duration(uncertaintyMs)}${drift}`
  }
  const way = offsetMs < 0 ? 'behind' : 'ahead of'
  const by = duration(Math.abs(offsetMs))
  if (uncertaintyMs === null) {
    const bound = clock.packets.forward > 0 ? 'at most' : 'at least'
    return `Clock of ${to}: ${bound} ${by} ${way} that of ${from}, since packets passed in one direction only`
  }
  return `Clock of ${to}: ${by} ${way} that of ${from} ± ${duration(uncertaintyMs)}${drift}${jump}`
}

function* pathLines(
  path: PathReport,
  isQuiet: boolean,
  options: Pick<ReportOptions, 'width' | 'style'>,
): Iterable<string> {
  const { style, width } = options
  const seen = path.places.find(({ client }) => client !== null)!
  const ends = `${endpointWords(seen.client!)} ${path.active ? '←' : '→'} ${endpointWords(seen.server!)}`
  const name = path.kind === 'other' ? 'TCP' : path.kind
  const lead = ` ${path.id}  `
  const title = `${style.heading(name)}  ${ends}   ${countWords(path.counts, options)}`
  yield* hang(lead, lead.length, title, width + 20)
  const labelled = new LabelledLines(lead.length, width, style)
  if (!isQuiet) labelled.add('fate', path.verdict)
  const where = path.places.map(({ file, firstFrame, tcpStream }) =>
    firstFrame === null ? `${file}: nothing of it` : `${file} #${firstFrame} (tcp.stream ${tcpStream ?? ''})`,
  )
  labelled.add('places', where.join(', '))
  for (const [index, hop] of path.hops.entries()) {
    const words = hopWords(hop)
    if (words !== '')
      labelled.add('between', `${path.places[index]!.file} and ${path.places[index + 1]!.file}: ${words}`)
  }
  if (path.unseenAt.length > 0) labelled.add('unseen', `nothing of it in ${path.unseenAt.join(', ')}`)
  if (!isQuiet && path.signs.length > 0) labelled.add('same', path.signs.join(', '))
  yield* labelled.take()
  if (isQuiet) return
  yield ''
  yield* pathLadder(path, options)
  if (path.fatesLeftOut > 0) yield `   ${plural(path.fatesLeftOut, 'more fate')} left out`
}

function countOf({ lost, changed, injected, onlyHere }: FateCounts): number {
  return lost + changed + injected + onlyHere
}

function countWords(counts: FateCounts, { style }: Pick<ReportOptions, 'style'>): string {
  const { arrived, lost, changed, injected, onlyHere } = counts
  if (countOf(counts) === 0) return arrived === 0 ? '' : style.ok(`${count(arrived)} arrived`)
  const parts = [
    arrived > 0 ? `${count(arrived)} arrived` : '',
    lost > 0 ? `${count(lost)} lost` : '',
    changed > 0 ? `${count(changed)} changed` : '',
    injected > 0 ? `${count(injected)} injected` : '',
    onlyHere > 0 ? `${count(onlyHere)} in one capture only` : '',
  ]
  const words = parts.filter((part) => part !== '').join(', ')
  return lost + injected > 0 ? style.failed(words) : style.degraded(words)
}

function* aloneLines(
  alone: readonly AloneReport[],
  places: ComparisonReport['places'],
  { style, width }: Pick<ReportOptions, 'width' | 'style'>,
): Iterable<string> {
  if (alone.length === 0) return
  yield ''
  yield style.heading(`In one capture only: ${plural(alone.length, 'FTP connection')}`)
  for (const each of alone.slice(0, QUIET_PATHS)) {
    const ends = `${endpointWords(each.client)} and ${endpointWords(each.server)}`
    const where = `${each.file} #${each.firstFrame}`
    yield* hang('   ', 3, `${where}: ${each.kind} connection of ${ends}, ${plural(each.packets, 'packet')}`, width)
  }
  const more = alone.length - QUIET_PATHS
  if (more > 0) yield `   and ${plural(more, 'more connection')}`
  if (places.length < 2) yield '   only one place was read'
}
