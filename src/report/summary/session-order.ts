/** Sessions by their first frame: they are numbered from 1 in this order. */
export function inOrder<Session extends { firstFrame: number }>(sessions: readonly Session[]): Session[] {
  return sessions.toSorted((a, b) => a.firstFrame - b.firstFrame)
}

/** The number of each of these sessions, which are in order, by the id that it had while it was open. */
export function numbersOf(ordered: readonly { id: number }[]): (id: number) => number {
  const numbers = new Map(ordered.map((session, index) => [session.id, index + 1]))
  return (id) => numbers.get(id) ?? id
}
