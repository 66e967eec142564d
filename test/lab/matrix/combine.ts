import { generator } from '../derive/transform.js'
import type { ClientSpec, Fault, Scenario, ServerSpec, Topology } from '../scenario.js'
import type { Family, Variation } from './family.js'
import { VARIATIONS } from './variations.js'

/**
 * Scenarios of a family, each with a server and client that the catalogue does not try together in that mode. Servers
 * and clients take turns, so that each of them takes part; the rest is drawn from a generator that gives the same each
 * time.
 */
export function combine(family: Family, catalogue: readonly Scenario[]): readonly Scenario[] {
  const { servers, clients, topologies, faults = [[]], variations = VARIATIONS } = family
  const random = generator(Buffer.from(family.name).reduce((sum, byte) => sum * 31 + byte, 7))
  const draw = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const taken = new Set(
    catalogue.filter(({ name }) => name.startsWith(family.name)).map(({ server, client }) => pairOf(server, client)),
  )
  const pairs = clients
    .flatMap((_, shift) =>
      servers.map((server, index) => ({ server, client: clients[(index + shift) % clients.length]! })),
    )
    .sort((a, b) => Number(taken.has(pairOf(a.server, a.client))) - Number(taken.has(pairOf(b.server, b.client))))
  return Array.from({ length: family.runs }, (_, index) => {
    const { server, client } = pairs[index % pairs.length]!
    const variation = draw(variations)
    const rules = faults[(index + Math.floor(index / servers.length)) % faults.length]!
    return scenario(family, index, { topology: draw(topologies), server, client, faults: rules }, variation)
  })
}

const pairOf = ({ software: server }: ServerSpec, { software: client }: ClientSpec): string => `${server} ${client}`

function scenario(
  family: Family,
  index: number,
  combination: { topology: Topology; server: ServerSpec; client: ClientSpec; faults: readonly Fault[] },
  variation: Variation,
): Scenario {
  const { server, client } = combination
  const topology = merged(combination.topology, variation.topology)
  const faults = combination.faults.map((fault) => withPorts(fault, variation))
  const port = server.port ?? variation.port
  const passiveRange = server.passiveRange ?? variation.passiveRange
  return {
    name: `${family.name}+${index + 1}-${server.software}-${client.software}`,
    title: `${family.title} (${variation.name})`,
    topology,
    server: {
      ...server,
      ...(port === undefined ? {} : { port }),
      ...(passiveRange === undefined ? {} : { passiveRange }),
    },
    client: { timeout: 11, ...client },
    fault: faults,
    expect: family.expect({ ...combination, topology, faults }),
    ...(family.keyed ? { keyed: family.keyed } : {}),
  }
}

function merged(topology: Topology, changes: Partial<Topology> = {}): Topology {
  const sysctl = { ...topology.sysctl }
  for (const [host, values] of Object.entries(changes.sysctl ?? {})) {
    const key = host as keyof typeof sysctl
    sysctl[key] = { ...sysctl[key], ...values }
  }
  const base = topology.client === 'lan' ? { ...changes, delay: {} } : changes
  return { ...topology, ...base, sysctl }
}

/** The same fault where the variation has moved the ports that it names. */
function withPorts(fault: Fault, { port, passiveRange }: Variation): Fault {
  const moved = (text: string): string => {
    const control = port === undefined ? text : text.replaceAll(/port 21\b/g, `port ${port}`)
    return passiveRange === undefined ? control : control.replaceAll('50000-50100', passiveRange.join('-'))
  }
  const entries = Object.entries(fault).map(([key, value]) => [
    key,
    Array.isArray(value) ? (value as readonly string[]).map(moved) : (value as unknown),
  ])
  return Object.fromEntries(entries) as Fault
}
