import type { ClientSpec, Expectations, Fault, ServerSpec, Topology } from '../scenario.js'

/** One failing or healthy mode, and the servers, clients, networks and kinds of the fault that it is tried with. */
export interface Family {
  /** As the scenarios of the catalogue are named that try the same. */
  readonly name: string
  readonly title: string
  readonly topologies: readonly Topology[]
  readonly servers: readonly ServerSpec[]
  readonly clients: readonly ClientSpec[]
  /** Kinds of the same fault; each is one rule or several. */
  readonly faults?: readonly (readonly Fault[])[]
  /** How many combinations are run. */
  readonly runs: number
  /** Changes of the network that alter nothing of the verdict; all of them where absent. */
  readonly variations?: readonly Variation[]
  readonly expect: (combination: Combination) => Expectations
  /** As in a scenario. */
  readonly keyed?: Partial<Expectations>
}

export interface Combination {
  readonly topology: Topology
  readonly server: ServerSpec
  readonly client: ClientSpec
  readonly faults: readonly Fault[]
}

/** What differs from one network to the next and must not change what is said. */
export interface Variation {
  readonly name: string
  readonly topology?: Partial<Topology>
  /** Another control port than 21. */
  readonly port?: number
  readonly passiveRange?: readonly [number, number]
}
