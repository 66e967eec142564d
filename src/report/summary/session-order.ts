/** Sessions by their first frame: they are numbered from 1 in this order. */
export function inOrder<Session extends { firstFrame: number }>(sessions: readonly Session[]): Session[] {
  return sessions.toSorted((a, b) => a.firstFrame - b.firstFrame)
}

/** The number of each of these sessions by the id that it had while it was open. */
export function numbersOf(sessions: readonly { id: number; firstFrame: number }[]): (id: number) => number {
  const numbers = new Map(inOrder(sessions).map((session, index) => [session.id, index + 1]))
  return (id) => numbers.get(id) ?? id
}

/** These sessions in order, under their numbers. */
export function numbered<Session extends { id: number; firstFrame: number }>(sessions: readonly Session[]): Session[] {
  return inOrder(sessions).map((session, index) => (session.id === index + 1 ? session : { ...session, id: index + 1 }))
}
