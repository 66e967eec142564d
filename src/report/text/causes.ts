import { endpointText } from '../../diagnose/words/evidence.js'
import type { CauseReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { inOutcomeStyle, outcomeWords } from './outcome.js'
import { sessionList } from './session-list.js'
import { count, plural } from './units.js'
import { hang } from './wrap.js'

/** Causes that are listed. */
const LISTED_CAUSES = 20

/** The causes of sessions that are not ok, each once, with the hosts concerned. */
export function* causes(all: readonly CauseReport[], { width, style }: ReportOptions): Iterable<string> {
  if (all.length === 0) return
  yield ''
  yield style.heading('Causes')
  const shown = all.slice(0, LISTED_CAUSES)
  const column = Math.max(...shown.map((cause) => count(cause.count).length))
  const results = Math.max(...shown.map(({ outcome }) => outcomeWords(outcome).length))
  for (const cause of shown) {
    const result = `${count(cause.count).padStart(column)} ${outcomeWords(cause.outcome).padEnd(results)}`
    const lead = ` ${inOutcomeStyle(cause.outcome, result, style)}  `
    yield* hang(
      lead,
      result.length + 3,
      `${cause.title}: ${whose(cause)}; ${sessionList(cause.sessions, cause.count)} (${cause.cause})`,
      width,
    )
  }
  const more = all.length - shown.length
  if (more > 0) yield ` and ${plural(more, 'more cause')}, in the JSON report`
}

/** "10.0.0.2 to 203.0.113.20:21", "12 clients to 2 servers". */
export function whose({ client, clients, server, servers }: CauseReport): string {
  const to = server === null ? plural(servers, 'server') : endpointText(server.address, server.port)
  return `${client ?? plural(clients, 'client')} to ${to}`
}
