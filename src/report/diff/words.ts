import { OUTCOMES } from '../../diagnose/outcome.js'
import { endpointWords } from '../../diagnose/words/ends.js'
import { outcomeWords } from '../text/outcome.js'
import { transferCell } from '../text/transfer-count.js'
import { bytes, count, duration, plural } from '../text/units.js'
import {
  type Change,
  CHANGES,
  type DiffReport,
  type DiffSummary,
  type RunReport,
  type RunTransferReport,
  type SessionChangeReport,
  type TimesReport,
} from './contract.js'

export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  worse: 'worse',
  gone: 'gone',
  new: 'new',
  unclear: 'unclear',
  better: 'better',
  same: 'the same',
}

/** "1 session is worse, 2 are the same" */
export function summaryWords(summary: DiffSummary): string {
  const parts = CHANGES.filter((change) => summary[change] > 0).map((change, at) => {
    const number = summary[change]
    const verb = number === 1 ? 'is' : 'are'
    return at === 0
      ? `${plural(number, 'session')} ${verb} ${CHANGE_WORDS[change]}`
      : `${count(number)} ${verb} ${CHANGE_WORDS[change]}`
  })
  return parts.length === 0 ? 'Neither run has an FTP session' : parts.join(', ')
}

/** "3 sessions: 1 failed, 2 ok; transfers completed: 2 of 3" */
export function runWords({ sessions, outcomes, transfers }: RunReport): string {
  const parts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map(
    (outcome) => `${count(outcomes[outcome])} ${outcome}`,
  )
  const list = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${plural(sessions, 'session')}${list}; transfers completed: ${transferCell(transfers, 'none')}`
}

/** Files that a run is named by. */
const NAMED_FILES = 3

export function filesWords({ files }: RunReport): string {
  const named = files.slice(0, NAMED_FILES).join(', ')
  return files.length > NAMED_FILES ? `${named} and ${plural(files.length - NAMED_FILES, 'more file')}` : named
}

/** "1 → 2", "1 → –": the ids of a session in both runs. */
export function idWords({ before, after }: SessionChangeReport): string {
  return before?.id === after?.id ? String(before?.id) : `${before?.id ?? '–'} → ${after?.id ?? '–'}`
}

/** Client, server and user; those of the run after too where they differ. */
export function endsWords({ before, after }: SessionChangeReport): string {
  const of = (run: NonNullable<SessionChangeReport['before']>): string =>
    `${run.client.address} → ${endpointWords(run.server)}${run.user === null ? '' : `, user ${run.user}`}`
  const [old, fresh] = [before && of(before), after && of(after)]
  return !old || !fresh || old === fresh ? (old ?? fresh ?? '') : `${old}; then ${fresh}`
}

export function outcomeChange({ before, after }: SessionChangeReport): string {
  const [old, fresh] = [before, after].map((run) => (run ? outcomeWords(run.outcome) : '–'))
  return old === fresh ? old! : `${old!} → ${fresh!}`
}

export function transfersChange({ before, after }: SessionChangeReport): string {
  const [old, fresh] = [before, after].map((run) => (run ? transferCell(run.transfers, 'none') : '–'))
  return old === fresh ? old! : `${old!} → ${fresh!}`
}

/** A row for each time: its name, before, after, and the difference. */
export function timeRows(before: TimesReport | null, after: TimesReport | null): string[][] {
  return TIMES.flatMap(([name, key, words]) => {
    const [old, fresh] = [before?.[key] ?? null, after?.[key] ?? null]
    if (old === null && fresh === null) return []
    return [[name, old === null ? '–' : words(old), fresh === null ? '–' : words(fresh), difference(old, fresh)]]
  })
}

const rate = (value: number): string => `${bytes(value)}/s`

const TIMES: readonly (readonly [name: string, key: keyof TimesReport, words: (value: number) => string])[] = [
  ['login', 'loginMs', duration],
  ['first byte', 'firstByteMs', duration],
  ['duration', 'durationMs', duration],
  ['rate', 'bytesPerSecond', rate],
]

/** Differences below this share are not stated: times vary from run to run. */
const NOTABLE = 0.1

function difference(before: number | null, after: number | null): string {
  if (before === null || after === null || before <= 0 || after <= 0) return ''
  const factor = after / before
  if (Math.abs(factor - 1) < NOTABLE) return ''
  if (factor >= 2 || factor <= 0.5)
    return `× ${factor >= 10 ? count(Math.round(factor)) : Number(factor.toPrecision(2))}`
  return `${factor > 1 ? '+' : '−'}${Math.round(Math.abs(factor - 1) * 100)} %`
}

/** "completed, 4 kB in 12 ms" */
export function transferWords(run: RunTransferReport | null): string {
  if (!run) return 'none'
  const size = run.bytes === null ? '' : `, ${bytes(run.bytes)}`
  return `${run.outcome}${size}${run.durationMs === null ? '' : ` in ${duration(run.durationMs)}`}`
}

/** Whether a report for people shows a session in full. */
export function isNotable({ change, findings }: SessionChangeReport): boolean {
  return change !== 'same' || [...findings.went, ...findings.came].some(({ severity }) => severity !== 'info')
}

/** Sessions and findings that a report for people lists; those that it leaves out are counted. */
export function shownOf(
  report: DiffReport,
  all: boolean,
): { rows: SessionChangeReport[]; detailed: SessionChangeReport[] } {
  const notable = report.sessions
    .filter(isNotable)
    .sort((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change))
  const rows = all || report.sessions.length <= MOST_ROWS ? report.sessions : notable.slice(0, MOST_ROWS)
  return { rows, detailed: all ? report.sessions : notable.slice(0, MOST_DETAILED) }
}

const MOST_ROWS = 100
const MOST_DETAILED = 20
