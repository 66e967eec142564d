/** What the number of a session depends on. */
export interface Numbered {
  /** The one that it had while it was open. */
  id: number
  firstFrame: number
}

/** Sessions by their first frame: they are numbered from 1 in this order. */
export function inOrder<Session extends { firstFrame: number }>(sessions: readonly Session[]): Session[] {
  return sessions.toSorted((a, b) => a.firstFrame - b.firstFrame)
}

/** The number of each of these sessions by the id that it had while it was open. */
export function numbersOf(sessions: readonly Numbered[]): (id: number) => number {
  const numbers = new Map(inOrder(sessions).map((session, index) => [session.id, index + 1]))
  return (id) => numbers.get(id) ?? id
}

/** These sessions in order, under the numbers that they have among all. */
export function numbered<Session extends Numbered>(
  sessions: readonly Session[],
  numberOf = numbersOf(sessions),
): Session[] {
  return inOrder(sessions).map((session) => {
    const id = numberOf(session.id)
    return session.id === id ? session : { ...session, id }
  })
}
