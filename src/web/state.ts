import { computed, signal } from '@preact/signals'
import type { Analysis, SessionReport } from '../report/contract.js'
import { FileFrames } from '../report/place/file-frames.js'
import { JoinedSessions } from '../report/place/joined-sessions.js'
import { type Choice, EVERYTHING, choose } from './model/selection.js'

/** What the page shows: nothing yet, or an analysis. */
export const analysis = signal<Analysis | null>(null)
/** The pages that explain its findings, in Markdown, by id; empty where the page made the analysis itself. */
export const explanations = signal<ReadonlyMap<string, string>>(new Map())
export const choice = signal<Choice>(EVERYTHING)
/** Id of the session that is shown in full. */
export const selectedId = signal<number | null>(null)
/** True while the page is printed, in a layout for paper. */
export const printing = signal(false)

/** What several places saw of one session is one. */
export const joined = computed(() => new JoinedSessions(analysis.value ?? { sessions: [] }))
/** How frames are named: by their file where there are several. */
export const frames = computed(() => new FileFrames(analysis.value?.capture ?? { files: [] }))

export const sessions = computed(() => choose(joined.value.rows, choice.value))

export const selected = computed<SessionReport | null>(
  () => joined.value.rows.find(({ id }) => id === selectedId.value) ?? null,
)

/** Shows an analysis from its beginning: the first session that did not work is selected. */
export function show(value: Analysis | null): void {
  analysis.value = value
  choice.value = EVERYTHING
  const { rows } = joined.value
  const first =
    rows.find(({ verdict }) => verdict.outcome === 'failed') ??
    rows.find(({ verdict }) => verdict.outcome !== 'ok') ??
    rows[0]
  selectedId.value = first?.id ?? null
}

export function change(part: Partial<Choice>): void {
  choice.value = { ...choice.value, ...part }
}
