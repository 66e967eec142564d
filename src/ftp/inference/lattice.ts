/** Forward–backward over the states that a dialogue may be in (Rabiner 1989, §III). */
import type { Ending, Event, Grammar, Label, Moves } from './grammar.js'
import { LabelShares } from './label-shares.js'
import { isSame, type State } from './state.js'

/** States followed at a time, and how much less likely than the best one of them may be. */
const MAX_STATES = 24
const NEGLIGIBLE = 14
/** What is less likely by so much more than that needs no logarithm. */
const SURELY = 1 - 1e-9

interface Node {
  state: State
  /** Logarithms of what leads here, and of what follows. */
  forward: number
  backward: number
  /** Among the likeliest of its step. */
  kept: boolean
  /** Made before it, for a state after the same verb. */
  before: Node | null
}

interface Edge {
  from: Node
  to: Node
  label: Label
  log: number
}

interface Step {
  nodes: readonly Node[]
  edges: readonly Edge[]
}

/** What each event is, by probability, and how well all of them fit. */
export interface Posterior {
  /** Logarithm of the probability of all lengths together. */
  log: number
  /** For each event, the probabilities of its labels. */
  labels: readonly LabelShares[]
}

export function posterior(grammar: Grammar, initial: State, events: readonly Event[], ending: Ending): Posterior {
  const steps: Step[] = []
  let nodes: readonly Node[] = [nodeOf(initial, 0)]
  for (const event of events) {
    const frontier = new Frontier()
    for (const node of nodes) {
      frontier.from(node)
      grammar.moves(node.state, event, frontier)
    }
    const step = frontier.pruned()
    steps.push(step)
    nodes = step.nodes
  }
  let log = -Infinity
  for (const node of nodes) {
    node.backward = Math.log(grammar.ending(node.state, ending))
    log = addLogs(log, node.forward + node.backward)
  }
  const labels = new Array<LabelShares>(steps.length)
  for (let index = steps.length - 1; index >= 0; index--) labels[index] = backward(steps[index]!, log)
  return { log, labels }
}

function nodeOf(state: State, forward: number, before: Node | null = null): Node {
  return { state, forward, backward: -Infinity, kept: false, before }
}

/** The states after an event, and what leads to them. */
class Frontier implements Moves {
  readonly #nodes: Node[] = []
  /** The last node with each last verb, from which those before it follow. */
  readonly #byLast = new Map<State['last'], Node>()
  readonly #edges: Edge[] = []
  #from: Node | null = null
  /** Of the likeliest move so far. */
  #best = -Infinity
  least = 0
  /** Of the move that is followed. */
  #log = 0

  /** The moves that come now are those of a node. */
  from(node: Node): void {
    this.#from = node
    this.least = Math.exp(this.#best - NEGLIGIBLE - node.forward) * SURELY
  }

  follows(likelihood: number): boolean {
    if (likelihood <= 0 || likelihood < this.least) return false
    const { forward } = this.#from!
    const log = Math.log(likelihood)
    const sum = forward + log
    if (sum < this.#best - NEGLIGIBLE) return false
    this.#log = log
    if (sum > this.#best) {
      this.#best = sum
      this.least = Math.exp(sum - NEGLIGIBLE - forward) * SURELY
    }
    return true
  }

  to(state: State, label: Label): void {
    const from = this.#from!
    const node = this.#nodeOf(state)
    node.forward = addLogs(node.forward, from.forward + this.#log)
    this.#edges.push({ from, to: node, label, log: this.#log })
  }

  #nodeOf(state: State): Node {
    const last = this.#byLast.get(state.last) ?? null
    for (let node = last; node; node = node.before) if (isSame(node.state, state)) return node
    const node = nodeOf(state, -Infinity, last)
    this.#byLast.set(state.last, node)
    this.#nodes.push(node)
    return node
  }

  /** The likeliest of them. */
  pruned(): Step {
    let best = -Infinity
    for (const { forward } of this.#nodes) best = Math.max(best, forward)
    const nodes = this.#nodes.filter(({ forward }) => forward >= best - NEGLIGIBLE)
    nodes.sort((a, b) => b.forward - a.forward)
    if (nodes.length > MAX_STATES) nodes.length = MAX_STATES
    for (const node of nodes) node.kept = true
    return { nodes, edges: this.#edges.filter(({ to }) => to.kept) }
  }
}

/** Completes the nodes before a step, and returns what its event is. */
function backward({ edges }: Step, total: number): LabelShares {
  const labels = new LabelShares()
  for (const { from, to, label, log } of edges) {
    const rest = log + to.backward
    labels.add(label, Math.exp(from.forward + rest - total))
    from.backward = addLogs(from.backward, rest)
  }
  return labels
}

function addLogs(one: number, other: number): number {
  const more = one > other ? one : other
  const less = one > other ? other : one
  return less === -Infinity ? more : more + Math.log1p(Math.exp(less - more))
}
