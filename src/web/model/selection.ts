import { endpointText } from '../../diagnose/words/evidence.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import type { Outcome, SessionReport } from '../../report/contract.js'
import { shownCause } from './shown.js'

export type SortKey = 'id' | 'start' | 'duration' | 'client' | 'server' | 'user' | 'outcome' | 'transfers' | 'cause'

export interface Choice {
  /** Search words, all of which must occur in the session. */
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
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean)
  const chosen = sessions.filter((session) => takes(session, choice, words))
  const compare = COMPARE[choice.sort]
  const sign = choice.descending ? -1 : 1
  return chosen.sort((a, b) => sign * compare(a, b) || a.id - b.id)
}

function takes(session: SessionReport, { outcomes, finding, period }: Choice, words: readonly string[]): boolean {
  if (outcomes.size > 0 && !outcomes.has(session.verdict.outcome)) return false
  if (finding !== null && !session.findings.some(({ id }) => id === finding)) return false
  if (period && (Date.parse(session.start) > period[1] || Date.parse(session.end) < period[0])) return false
  if (words.length === 0) return true
  const text = searchText(session)
  return words.every((word) => text.includes(word))
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

const texts = new WeakMap<SessionReport, string>()

/** The text that is searched, in lower case; created when a session is first searched. */
function searchText(session: SessionReport): string {
  const known = texts.get(session)
  if (known !== undefined) return known
  const { id, client, server, user, serverSoftware, clientSoftware, verdict, findings, dataChannels, exchanges } =
    session
  const text = [
    `#${id}`,
    endpointText(client.address, client.port),
    endpointText(server.address, server.port),
    user,
    serverSoftware,
    clientSoftware,
    verdict.outcome,
    verdict.sentence,
    ...findings.flatMap((finding) => [finding.id, finding.title]),
    ...dataChannels.flatMap(({ transfer, to }) => [transfer?.path, to.address, to.port]),
    ...exchanges.flatMap(({ command, argument, replies }) => [
      command,
      argument,
      ...replies.map((reply) => reply.code),
    ]),
  ]
    .join('\n')
    .toLowerCase()
  texts.set(session, text)
  return text
}
