import { computed, signal } from '@preact/signals'
import type { Analysis, SessionReport } from '../report/contract.js'
import { type Choice, EVERYTHING, choose } from './model/selection.js'

/** What the page shows: nothing yet, or an analysis. */
export const analysis = signal<Analysis | null>(null)
export const choice = signal<Choice>(EVERYTHING)
/** Id of the session that is shown in full. */
export const selectedId = signal<number | null>(null)
/** True while the page is printed, in a layout for paper. */
export const printing = signal(false)

export const sessions = computed(() => (analysis.value ? choose(analysis.value.sessions, choice.value) : []))

export const selected = computed<SessionReport | null>(
  () => analysis.value?.sessions.find(({ id }) => id === selectedId.value) ?? null,
)

/** Shows an analysis from its beginning: the first session that did not work is selected. */
export function show(value: Analysis | null): void {
  analysis.value = value
  choice.value = EVERYTHING
  const first =
    value?.sessions.find(({ verdict }) => verdict.outcome === 'failed') ??
    value?.sessions.find(({ verdict }) => verdict.outcome !== 'ok') ??
    value?.sessions[0]
  selectedId.value = first?.id ?? null
}

export function change(part: Partial<Choice>): void {
  choice.value = { ...choice.value, ...part }
}
