import type { Style } from '../style.js'
import { hang } from './wrap.js'

const LABEL_WIDTH = 9

/** Lines below a session's verdict: a label in a column of its own, the text hanging behind it. */
export class LabelledLines {
  readonly #indent: number
  readonly #width: number
  readonly #style: Style
  #lines: string[] = []
  #lastLabel = ''

  constructor(indent: number, width: number, style: Style) {
    this.#indent = indent
    this.#width = width
    this.#style = style
  }

  /** Adds a text under a label; a label that the line above has already is not repeated. `lead` comes before the text. */
  add(label: string, text: string, lead = ''): void {
    const shown = (label === this.#lastLabel ? '' : label).padEnd(LABEL_WIDTH)
    this.#lastLabel = label
    const indent = this.#indent + LABEL_WIDTH + lead.length
    const first = ' '.repeat(this.#indent) + this.#style.faint(shown) + lead
    this.#lines.push(...hang(first, indent, text, this.#width))
  }

  /** The lines so far, which are then gone from here. */
  take(): string[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  /** The next text shows its label even if it is the same. */
  separate(): void {
    this.#lastLabel = ''
  }
}
