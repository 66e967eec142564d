import { endpointText } from '../../diagnose/words/evidence.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import { causeOf } from '../cause.js'
import type { CauseReport, EndpointReport, Outcome, SessionReport } from '../contract.js'
import { count as grouped } from '../text/units.js'

/** Ids that a group lists, clients and servers that it counts, groups that are kept per server. */
const LISTED_SESSIONS = 100
const MAX_COUNTED = 10_000
const MAX_GROUPS = 500

interface Group {
  cause: string
  title: string
  outcome: Outcome
  count: number
  /** Those with the smallest ids. */
  sessions: number[]
  clients: Set<string>
  servers: Set<string>
  first: { id: number; firstFrame: number; server: EndpointReport; client: string; sentence: string }
}

/** Sessions with the same cause, in memory that does not grow with their number. */
export class Causes {
  readonly #groups = new Map<string, Group>()

  add(session: SessionReport): void {
    const { id, client, server, firstFrame, verdict } = session
    const finding = causeOf(session)
    if (!finding) return
    const endpoint = endpointText(server.address, server.port)
    // A fault at one server or in its network is fixed there; the same fault at another server is a separate cause.
    const ofServer = finding.side === 'server' || finding.side === 'server-network'
    let key = ofServer ? `${finding.id} ${endpoint}` : finding.id
    if (!this.#groups.has(key) && this.#groups.size >= MAX_GROUPS) key = finding.id
    const first = { id, firstFrame, server, client: client.address, sentence: verdict.sentence }
    let group = this.#groups.get(key)
    if (!group) {
      const { title } = finding
      group = { cause: finding.id, title, outcome: verdict.outcome, count: 0, sessions: [], ...noEnds(), first }
      this.#groups.set(key, group)
    }
    group.count++
    if (group.sessions.length < LISTED_SESSIONS) group.sessions.push(id)
    if (OUTCOMES.indexOf(verdict.outcome) < OUTCOMES.indexOf(group.outcome)) group.outcome = verdict.outcome
    if (group.clients.size < MAX_COUNTED) group.clients.add(client.address)
    if (group.servers.size < MAX_COUNTED) group.servers.add(endpoint)
    if (firstFrame < group.first.firstFrame) group.first = first
  }

  /** The worst outcome first, then the largest group. `idOf` gives the id that a session is reported under. */
  report(all: number, idOf: (id: number) => number): CauseReport[] {
    return [...this.#groups.values()]
      .sort((a, b) => worse(a, b) || b.count - a.count || a.first.firstFrame - b.first.firstFrame)
      .map((group) => ({
        cause: group.cause,
        title: group.title,
        outcome: group.outcome,
        count: group.count,
        sessions: group.sessions.map(idOf).sort((a, b) => a - b),
        clients: group.clients.size,
        servers: group.servers.size,
        client: group.clients.size === 1 ? group.first.client : null,
        server: group.servers.size === 1 ? group.first.server : null,
        sentence: sentenceOf(group, all, idOf(group.first.id)),
      }))
  }
}

function noEnds(): Pick<Group, 'clients' | 'servers'> {
  return { clients: new Set(), servers: new Set() }
}

function worse(a: Group, b: Group): number {
  return OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome)
}

function sentenceOf({ title, count, clients, servers, first }: Group, all: number, id: number): string {
  const share = all === 1 ? 'The only session' : `${grouped(count)} of ${grouped(all)} sessions`
  const from = clients.size === 1 ? first.client : `${many(clients.size)} clients`
  const to =
    servers.size === 1 ? endpointText(first.server.address, first.server.port) : `${many(servers.size)} servers`
  const example = count === 1 ? first.sentence : `In session ${id}: ${first.sentence}`
  return `${share}, from ${from} to ${to}: ${title}. ${example}`
}

function many(size: number): string {
  return size < MAX_COUNTED ? grouped(size) : `${grouped(size)} or more`
}
