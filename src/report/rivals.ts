import { CAPTURE_RULES, RULES } from '../diagnose/rules/rules.js'

const TITLES: ReadonlyMap<string, string> = new Map([...RULES, ...CAPTURE_RULES].map(({ id, title }) => [id, title]))

/** Findings that the same packets could also indicate, by title and id, for the end of a sentence. */
export function rivalsText(ids: readonly string[]): string {
  return ids.map((id) => `${TITLES.get(id) ?? id} (${id})`).join(', or ')
}
