import type { Style } from '../style.js'
import { hang } from './wrap.js'

const LABEL_WIDTH = 9

/** Lines below a session's verdict: a label in a column of its own, followed by the text with a hanging indent. */
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

  /** Adds a text under a label; a label that the line above already has is not repeated. `lead` precedes the text. */
  add(label: string, text: string, lead = ''): void {
    const shown = (label === this.#lastLabel ? '' : label).padEnd(LABEL_WIDTH)
    this.#lastLabel = label
    const indent = this.#indent + LABEL_WIDTH + lead.length
    const first = ' '.repeat(this.#indent) + this.#style.faint(shown) + lead
    this.#lines.push(...hang(first, indent, text, this.#width))
  }

  /** Adds a line to be pasted elsewhere, which is not broken, however long it is. */
  addUnbroken(label: string, text: string): void {
    const shown = (label === this.#lastLabel ? '' : label).padEnd(LABEL_WIDTH)
    this.#lastLabel = label
    this.#lines.push(' '.repeat(this.#indent) + this.#style.faint(shown) + text)
  }

  /** Removes and returns the lines so far. */
  take(): string[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  /** The next text repeats its label even if it is the same. */
  separate(): void {
    this.#lastLabel = ''
  }
}
