import type { Observation } from './observation.js'

/** Pairs of hosts remembered. */
const MOST_PAIRS = 100_000
/** `220`, which every FTP server greets with (RFC 959 §5.4). */
const GREETING = [0x32, 0x32, 0x30]

/** Pairs of hosts with a control connection, as far as ports and greetings show it: their connections matter. */
export class ControlPairs {
  readonly #ports: ReadonlySet<number>
  readonly #pairs = new Set<string>()

  constructor(ports: ReadonlySet<number>) {
    this.#ports = ports
  }

  opened(observation: Observation): void {
    if (this.#ports.has(observation.responder.port)) this.#add(observation)
  }

  /** The responder's text may be a greeting. */
  greeting(observation: Observation, text: Uint8Array): void {
    if (GREETING.every((byte, at) => text[at] === byte)) this.#add(observation)
  }

  needs(observation: Observation): boolean {
    return this.#pairs.has(pairOf(observation))
  }

  #add(observation: Observation): void {
    if (this.#pairs.size < MOST_PAIRS) this.#pairs.add(pairOf(observation))
  }
}

function pairOf({ initiator, responder }: Observation): string {
  const [a, b] = [initiator.address, responder.address]
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
