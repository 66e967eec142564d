/** Forward–backward over the states that a dialogue may be in (Rabiner 1989, §III). */
import type { Ending, Event, Grammar, Label } from './grammar.js'
import { keyOf, type State } from './state.js'

/** States followed at a time, and how much less likely than the best one of them may be. */
const MAX_STATES = 24
const NEGLIGIBLE = 14

interface Node {
  state: State
  /** Logarithms of what leads here, and of what follows. */
  forward: number
  backward: number
}

interface Edge {
  from: number
  to: number
  label: Label
  log: number
}

interface Step {
  nodes: Node[]
  edges: Edge[]
}

/** What each event is, by probability, and how well all of them fit. */
export interface Posterior {
  /** Logarithm of the probability of all lengths together. */
  log: number
  /** For each event, the probabilities of its labels. */
  labels: ReadonlyMap<Label, number>[]
}

export function posterior(grammar: Grammar, initial: State, events: readonly Event[], ending: Ending): Posterior {
  const start: Node[] = [{ state: initial, forward: 0, backward: -Infinity }]
  const steps: Step[] = []
  let nodes = start
  for (const event of events) {
    const step = advance(grammar, nodes, event)
    steps.push(step)
    nodes = step.nodes
  }
  let log = -Infinity
  for (const node of nodes) {
    node.backward = Math.log(grammar.ending(node.state, ending))
    log = addLogs(log, node.forward + node.backward)
  }
  const labels: Map<Label, number>[] = []
  for (let index = steps.length - 1; index >= 0; index--)
    labels.push(backward(steps[index - 1]?.nodes ?? start, steps[index]!, log))
  return { log, labels: labels.reverse() }
}

function advance(grammar: Grammar, nodes: readonly Node[], event: Event): Step {
  const byKey = new Map<string, number>()
  const reached: Node[] = []
  const edges: Edge[] = []
  let best = -Infinity
  for (const [from, { state, forward }] of nodes.entries()) {
    for (const { to, label, likelihood } of grammar.moves(state, event)) {
      const log = Math.log(likelihood)
      if (forward + log < best - NEGLIGIBLE) continue
      best = Math.max(best, forward + log)
      const next = to()
      const key = keyOf(next)
      let index = byKey.get(key)
      if (index === undefined) {
        byKey.set(key, (index = reached.length))
        reached.push({ state: next, forward: -Infinity, backward: -Infinity })
      }
      const node = reached[index]!
      node.forward = addLogs(node.forward, forward + log)
      edges.push({ from, to: index, label, log })
    }
  }
  return pruned(reached, edges)
}

function pruned(reached: readonly Node[], edges: readonly Edge[]): Step {
  const best = reached.reduce((most, { forward }) => Math.max(most, forward), -Infinity)
  const order = [...reached.keys()].filter((index) => reached[index]!.forward >= best - NEGLIGIBLE)
  order.sort((a, b) => reached[b]!.forward - reached[a]!.forward)
  const places = new Map(order.slice(0, MAX_STATES).map((index, place) => [index, place]))
  const kept: Edge[] = []
  for (const edge of edges) {
    const to = places.get(edge.to)
    if (to !== undefined) kept.push({ ...edge, to })
  }
  return { nodes: [...places.keys()].map((index) => reached[index]!), edges: kept }
}

/** Completes the nodes before a step, and returns what its event is. */
function backward(before: readonly Node[], { nodes, edges }: Step, total: number): Map<Label, number> {
  const labels = new Map<Label, number>()
  for (const { from, to, label, log } of edges) {
    const source = before[from]!
    const rest = log + nodes[to]!.backward
    labels.set(label, (labels.get(label) ?? 0) + Math.exp(source.forward + rest - total))
    source.backward = addLogs(source.backward, rest)
  }
  return labels
}

function addLogs(one: number, other: number): number {
  const [more, less] = one > other ? [one, other] : [other, one]
  return less === -Infinity ? more : more + Math.log1p(Math.exp(less - more))
}
