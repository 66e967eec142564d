import type { Session } from '../correlate/model.js'

/** Works a fact of a whole session out once, though rules ask for it on each of its data channels. */
export function perSession<Fact>(work: (session: Session) => Fact): (session: Session) => Fact {
  const facts = new WeakMap<Session, { fact: Fact }>()
  return (session) => {
    let known = facts.get(session)
    if (!known) facts.set(session, (known = { fact: work(session) }))
    return known.fact
  }
}
