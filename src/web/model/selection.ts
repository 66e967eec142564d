import { endpointText } from '../../diagnose/words/evidence.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import type { Outcome, SessionReport } from '../../report/contract.js'
import { ExpressionError } from '../../report/choose/parse.js'
import { searchText } from '../../report/choose/search-text.js'
import { type Chooses, where } from '../../report/choose/where.js'
import { shownCause } from './shown.js'

export type SortKey = 'id' | 'start' | 'duration' | 'client' | 'server' | 'user' | 'outcome' | 'transfers' | 'cause'

export interface Choice {
  /** What is searched for: words, or an expression as `--where` takes it. */
  text: string
  /** Empty for all. */
  outcomes: ReadonlySet<Outcome>
  /** Id of a finding that the session must have; `null` for any. */
  finding: string | null
  /** Epoch milliseconds between which the session must have been open; `null` for any. */
  period: readonly [number, number] | null
  sort: SortKey
  descending: boolean
}

export const EVERYTHING: Choice = {
  text: '',
  outcomes: new Set(),
  finding: null,
  period: null,
  sort: 'id',
  descending: false,
}

/** The selected sessions, in the chosen order. */
export function choose(sessions: readonly SessionReport[], choice: Choice): SessionReport[] {
  const { chooses } = asked(choice.text)
  const chosen = sessions.filter((session) => takes(session, choice) && chooses(session))
  const compare = COMPARE[choice.sort]
  const sign = choice.descending ? -1 : 1
  return chosen.sort((a, b) => sign * compare(a, b) || a.id - b.id)
}

function takes(session: SessionReport, { outcomes, finding, period }: Choice): boolean {
  if (outcomes.size > 0 && !outcomes.has(session.verdict.outcome)) return false
  if (finding !== null && !session.findings.some(({ id }) => id === finding)) return false
  return !period || (Date.parse(session.start) <= period[1] && Date.parse(session.end) >= period[0])
}

/** What a text asks for, as `--where` does; as long as it is not an expression, each of its words is looked for. */
export function asked(text: string): { chooses: Chooses; problem: string | null } {
  try {
    return { chooses: where(text), problem: null }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    const chooses: Chooses = (session) => words.every((word) => searchText(session).includes(word))
    return { chooses, problem: error.message }
  }
}

type Compare = (a: SessionReport, b: SessionReport) => number

const byText =
  (text: (session: SessionReport) => string): Compare =>
  (a, b) =>
    text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0

const COMPARE: Record<SortKey, Compare> = {
  id: (a, b) => a.id - b.id,
  start: byText(({ start }) => start),
  duration: (a, b) => a.durationMs - b.durationMs,
  client: byText(({ client }) => client.address),
  server: byText(({ server }) => endpointText(server.address, server.port)),
  user: byText(({ user }) => user ?? ''),
  outcome: (a, b) => OUTCOMES.indexOf(a.verdict.outcome) - OUTCOMES.indexOf(b.verdict.outcome),
  transfers: (a, b) => a.transfers.failed - b.transfers.failed || a.transfers.attempted - b.transfers.attempted,
  cause: byText(shownCause),
}
