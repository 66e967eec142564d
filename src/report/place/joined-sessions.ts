import type { Analysis, FindingReport, SessionPathReport, SessionReport } from '../contract.js'

/** Sessions as lists show them: those of a path are one, and what one place saw is one of its own. */
export class JoinedSessions {
  /** In the order of ids; of a path, the session at the place nearest to the client that is at hand. */
  readonly rows: readonly SessionReport[]
  readonly #paths: ReadonlyMap<number, SessionPathReport>
  readonly #byId: ReadonlyMap<number, SessionReport>

  constructor({ sessions, paths = [] }: Pick<Analysis, 'sessions' | 'paths'>) {
    this.#paths = new Map(paths.map((path) => [path.id, path]))
    this.#byId = new Map(paths.length === 0 ? [] : sessions.map((session) => [session.id, session]))
    this.rows = paths.length === 0 ? sessions : this.#joined(sessions)
  }

  /** The path of a session; `null` if one place saw it. */
  pathOf({ path }: Pick<SessionReport, 'path'>): SessionPathReport | null {
    return (path === undefined ? null : this.#paths.get(path)) ?? null
  }

  /** All ids of a row, its own first. */
  idsOf(session: Pick<SessionReport, 'id' | 'path'>): readonly number[] {
    const others = this.pathOf(session)?.sessions.filter((id) => id !== session.id) ?? []
    return [session.id, ...others]
  }

  /** A session of a path by its id; `null` if it is not at hand. */
  sessionOf(id: number): SessionReport | null {
    return this.#byId.get(id) ?? null
  }

  #joined(sessions: readonly SessionReport[]): SessionReport[] {
    const shown = new Map<number, SessionReport>()
    for (const path of this.#paths.values()) {
      const [lead, ...others] = path.sessions.flatMap((id) => this.#byId.get(id) ?? [])
      if (lead) shown.set(path.id, withFindings(lead, others))
    }
    return sessions.flatMap((session) => {
      const row = session.path === undefined ? undefined : shown.get(session.path)
      if (!row) return session
      return row.id === session.id ? row : []
    })
  }
}

/** A session with what only the other places' packets show; data channels are those of the session itself. */
function withFindings(lead: SessionReport, others: readonly SessionReport[]): SessionReport {
  const known = new Set(lead.findings.map(({ id }) => id))
  const more: FindingReport[] = []
  for (const { findings } of others) {
    const fresh = findings.filter(({ id }) => !known.has(id))
    for (const finding of fresh) {
      known.add(finding.id)
      more.push({ ...finding, dataChannel: null })
    }
  }
  return more.length === 0 ? lead : { ...lead, findings: [...lead.findings, ...more] }
}
