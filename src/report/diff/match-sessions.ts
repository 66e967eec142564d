import type { SessionReport } from '../contract.js'
import type { SessionChangeReport } from './contract.js'

type Trait = SessionChangeReport['matchedBy'][number]

export interface SessionPair {
  before: SessionReport | null
  after: SessionReport | null
  matchedBy: Trait[]
}

/**
 * What two runs of a session have in common, from what leaves no doubt to what may still be the same job under another
 * address. Sessions that agree in all traits of a round are a pair; those that several agree with are paired by how
 * alike their dialogues are, then in their order.
 */
const ROUNDS: readonly (readonly Trait[])[] = [
  ['client', 'server', 'user', 'dialogue'],
  ['server', 'user', 'dialogue'],
  ['client', 'user', 'dialogue'],
  ['user', 'dialogue'],
  ['client', 'server', 'user', 'transfers'],
  ['client', 'server', 'user'],
  ['client', 'server'],
  ['user', 'transfers'],
  ['client', 'user'],
  ['server', 'user'],
  ['client'],
]

/** Sessions of a group that are compared one by one; larger groups are paired in their order. */
const COMPARED = 50

/** Pairs in the order of the run before, then what only the run after has. */
export function matchSessions(before: readonly SessionReport[], after: readonly SessionReport[]): SessionPair[] {
  const [old, fresh] = [before.map(traced), after.map(traced)]
  const partner = new Map<Traced, { of: Traced; by: Trait[] }>()
  for (const traits of ROUNDS) {
    const [left, right] = [grouped(old, traits, partner), grouped(fresh, traits, partner)]
    for (const [key, mine] of left) {
      for (const [a, b] of pairsOf(mine, right.get(key) ?? [])) {
        const by = common(a, b)
        partner.set(a, { of: b, by })
        partner.set(b, { of: a, by })
      }
    }
  }
  return [
    ...old.map((each): SessionPair => {
      const found = partner.get(each)
      return { before: each.session, after: found?.of.session ?? null, matchedBy: found?.by ?? [] }
    }),
    ...fresh.flatMap((each) => (partner.has(each) ? [] : { before: null, after: each.session, matchedBy: [] })),
  ]
}

/** A session with what it did. */
interface Traced {
  session: SessionReport
  order: number
  traits: Record<Trait, string | null>
  steps: ReadonlySet<string>
}

/** How a session came about, ended, or set up data connections is not what it was for. */
const MEANS: ReadonlySet<string> = new Set([
  ...['USER', 'PASS', 'ACCT', 'AUTH', 'ADAT', 'PBSZ', 'PROT', 'CCC', 'FEAT', 'OPTS', 'SYST', 'CLNT', 'HOST', 'HELP'],
  ...['PORT', 'PASV', 'EPRT', 'EPSV', 'LPRT', 'LPSV', 'NOOP', 'STAT', 'ABOR', 'REST', 'QUIT'],
])

function traced(session: SessionReport, order: number): Traced {
  const { client, server, user, exchanges, dataChannels } = session
  const steps = new Set<string>()
  for (const { command, argument } of exchanges) {
    const verb = command?.toUpperCase() ?? ''
    if (verb !== '' && !MEANS.has(verb)) steps.add(step(verb, argument))
  }
  const transfers = new Set(
    dataChannels.flatMap(({ transfer }) => (transfer ? step(transfer.command, transfer.path) : [])),
  )
  return {
    ...{ session, order, steps },
    traits: {
      client: client.address,
      server: `${server.address} ${server.port}`,
      user,
      dialogue: steps.size === 0 ? null : JSON.stringify([...steps]),
      transfers: transfers.size === 0 ? null : JSON.stringify([...transfers].sort()),
    },
  }
}

/** A command and its file; numbers are left out, since files are often named after the day. */
function step(verb: string, argument: string | null): string {
  return argument === null ? verb : `${verb} ${argument.replace(/\d+/g, '#')}`
}

/** Sessions without a partner by their traits; those that lack one of them are in no group. */
function grouped(
  all: readonly Traced[],
  traits: readonly Trait[],
  partner: ReadonlyMap<Traced, unknown>,
): Map<string, Traced[]> {
  const groups = new Map<string, Traced[]>()
  for (const each of all) {
    if (partner.has(each) || traits.some((trait) => each.traits[trait] === null)) continue
    const key = JSON.stringify(traits.map((trait) => each.traits[trait]))
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  return groups
}

function pairsOf(left: readonly Traced[], right: readonly Traced[]): [Traced, Traced][] {
  if (left.length > COMPARED || right.length > COMPARED) {
    return left.slice(0, right.length).map((each, at) => [each, right[at]!])
  }
  const candidates = left
    .flatMap((a) => right.map((b) => ({ a, b, likeness: likeness(a, b) })))
    .sort((one, other) => other.likeness - one.likeness || one.a.order - other.a.order || one.b.order - other.b.order)
  const taken = new Set<Traced>()
  return candidates.flatMap(({ a, b }): [Traced, Traced][] => {
    if (taken.has(a) || taken.has(b)) return []
    taken.add(a).add(b)
    return [[a, b]]
  })
}

/** Share of steps that two dialogues have in common (Sørensen–Dice), 0 to 1. */
function likeness({ steps: a }: Traced, { steps: b }: Traced): number {
  if (a.size + b.size === 0) return 1
  let same = 0
  for (const each of a) if (b.has(each)) same++
  return (2 * same) / (a.size + b.size)
}

function common({ traits: a }: Traced, { traits: b }: Traced): Trait[] {
  return (Object.keys(a) as Trait[]).filter((trait) => a[trait] !== null && a[trait] === b[trait])
}
