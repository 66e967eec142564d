import { OUTCOMES } from '../../diagnose/outcome.js'
import type { Summary } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { plainStyle, type Style } from '../style.js'
import { displayWidth } from './display-width.js'
import { inOutcomeStyle, outcomeWords } from './outcome.js'
import { count, plural } from './units.js'

/** The summary in a line, or in two if it is too long for one. */
export function summaryLines(summary: Summary, { width, style }: Pick<ReportOptions, 'width' | 'style'>): string[] {
  const line = summaryLine(summary, style)
  return displayWidth(summaryLine(summary, plainStyle)) <= width ? [line] : line.split(/(?<=;) /)
}

/** How many sessions, their outcomes, and how many transfers completed. */
export function summaryLine(summary: Summary, style: Style): string {
  const { leftOut = 0 } = summary
  const rest = leftOut > 0 ? `; ${plural(leftOut, 'session')} not chosen` : ''
  if (summary.sessions === 0)
    return leftOut > 0 ? `None of ${plural(leftOut, 'session')} is as asked for.` : 'No FTP sessions found.'
  const outcomes = OUTCOMES.filter((outcome) => summary.outcomes[outcome] > 0).map((outcome) => {
    const [symbol, word] = outcomeWords(outcome).split(' ') as [string, string]
    return inOutcomeStyle(outcome, `${symbol} ${count(summary.outcomes[outcome])} ${word}`, style)
  })
  const { attempted, completed, hidden } = summary.transfers
  const transfers = [
    ...(attempted > 0 ? [`transfers completed: ${count(completed)} of ${count(attempted)}`] : []),
    ...(hidden ? [`data connections carried data: ${count(hidden.carriedData)} of ${count(hidden.opened)}`] : []),
  ]
  const all = transfers.length > 0 ? transfers.join(', ') : 'no transfers'
  return `${plural(summary.sessions, 'session')}: ${outcomes.join('  ')}; ${all}${rest}`
}
