import type { Session } from '../../correlate/model.js'

/** Works a fact of a whole session out once, though rules ask for it on each of its data channels. */
export function perSession<Fact>(work: (session: Session) => Fact): (session: Session) => Fact {
  // Sessions are judged one after the other: the latest is the only one that is asked for again.
  let known: { session: Session; fact: Fact } | null = null
  return (session) => {
    if (known?.session !== session) known = { session, fact: work(session) }
    return known.fact
  }
}
