import type { Analysis } from '../contract.js'
import { inert } from './embed.js'
import { EXPLANATIONS_ELEMENT } from './template.js'

/** The pages of the findings of an analysis, by id, as an element that the browser does not execute. */
export function* embeddedExplanations(
  { sessions, findings }: Analysis,
  explanation: (id: string) => string | undefined,
): Iterable<string> {
  const ids = new Set(findings.map(({ id }) => id))
  for (const session of sessions) for (const { id } of session.findings) ids.add(id)
  if (ids.size === 0) return
  const pages = Object.fromEntries([...ids].sort().map((id) => [id, explanation(id)]))
  yield `<script type="application/json" id="${EXPLANATIONS_ELEMENT}">${inert(JSON.stringify(pages))}</script>`
}
