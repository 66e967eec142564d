import type { Dialogue } from '../model.js'
import { canonicalVerb, isKnownVerb } from '../verbs.js'
import { secretArgument } from './secret-arguments.js'

/** Approximate memory of a fragment besides its text. */
const FRAGMENT_BYTES = 96

/** Collects what may be parts of secrets among the parts of the client's lines that are no exchanges. */
export class Fragments {
  readonly #dialogue: Dialogue
  readonly #keep: (text: string) => string
  readonly #most: number
  /** Frame of the client's latest bytes: a hole after them is noticed later. */
  #frame = 0
  /** What was lost last continues the argument of a command that carries no secret. */
  #harmless = false

  /** `keep` truncates texts beyond the session's budget; `most` fragments are kept. */
  constructor(dialogue: Dialogue, keep: (text: string) => string, most: number) {
    this.#dialogue = dialogue
    this.#keep = keep
    this.#most = most
  }

  /** Approximate memory in bytes besides the texts. */
  get size(): number {
    return FRAGMENT_BYTES * this.#dialogue.fragments.length
  }

  /** The client's next bytes are of this frame. */
  at(frame: number): void {
    this.#frame = frame
  }

  /** Bytes of the client are missing after this beginning of a line, which is empty between lines. */
  lost(beginning: string): void {
    const { fragments, login } = this.#dialogue
    const [, verb = '', argument = ''] = /^\s*(\S*)\s?([^]*)$/.exec(beginning)!
    this.#harmless =
      argument !== '' && isKnownVerb(canonicalVerb(verb.toUpperCase())) && !secretArgument(verb, argument)
    const nothing = beginning === '' && (login === 'accepted' || fragments.at(-1)?.text === '')
    if (!this.#harmless && !nothing) this.#add(beginning)
  }

  /** A line that is no command, or lacks its beginning. */
  line(text: string): void {
    if (!this.#harmless) this.#add(text)
    this.#harmless = false
  }

  #add(text: string): void {
    const { fragments } = this.#dialogue
    if (fragments.length < this.#most) fragments.push({ frame: this.#frame, text: this.#keep(text) })
  }
}
