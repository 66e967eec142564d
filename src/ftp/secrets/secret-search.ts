import { FoldedText, isPlain } from './folded-text.js'

/** Shorter secrets are not searched for: they occur in any text. */
export const SHORTEST_SEARCHED = 4
/**
 * Units of a secret that are compared; of one that is longer the rest of the line counts as part of it. Bounds the
 * memory of a search by the number of secrets.
 */
const LONGEST_SEARCHED = 64
/** Up to so many secrets a text is first searched by the engine, which is quicker if it contains none. */
const FEW = 8

/** Units of a folded text, from the first to before the second. */
export interface Span {
  from: number
  to: number
  /** Only the beginning of a secret stands there, before a mark of omission, a closing quote or the end of a line. */
  begun?: boolean
}

/**
 * Finds all secrets of a dialogue in one pass over a text, whatever their number: the automaton of Aho and Corasick
 * (Efficient String Matching, CACM 18, 1975). Its nodes are numbered by depth, and those of one parent in order of
 * their units, so that typed arrays hold it, a step is a binary search, and no input makes it slower than that.
 */
export class SecretSearch {
  readonly #few: readonly string[] | null
  #automaton: Automaton | null = null
  /** The beginnings of the secrets, folded. */
  readonly #beginnings: ReadonlySet<string>

  constructor(secrets: Iterable<string>) {
    const beginnings = new Set<string>()
    for (const secret of secrets) {
      if (isPlain(secret)) {
        if (secret.length >= SHORTEST_SEARCHED) beginnings.add(secret.slice(0, LONGEST_SEARCHED + 1).toLowerCase())
        continue
      }
      const text = new FoldedText(secret)
      const { length } = text.units
      if (length >= SHORTEST_SEARCHED) beginnings.add(text.slice(0, Math.min(length, LONGEST_SEARCHED + 1)))
    }
    this.#beginnings = beginnings
    const few = beginnings.size <= FEW ? [...beginnings] : null
    this.#few = few?.every(isPlain) ? few : null
  }

  get isEmpty(): boolean {
    return this.#beginnings.size === 0
  }

  /** False if a text contains no secret for certain, nor, if `begun`, the beginning of one. */
  mayOccurIn(text: string, begun = false): boolean {
    if (this.isEmpty) return false
    if (this.#few === null || !isPlain(text)) return true
    const lower = text.toLowerCase()
    const units = begun ? SHORTEST_SEARCHED : LONGEST_SEARCHED
    if (this.#few.some((secret) => lower.includes(secret.slice(0, units)))) return true
    if (!text.includes('\n')) return false
    const joined = lower.replace(/\n[ \t]*/g, '')
    return this.#few.some((secret) => joined.includes(secret.slice(0, LONGEST_SEARCHED)))
  }

  /**
   * Where secrets occur, by their ends; of several that end together the longest. `cut`: the text may lack its end, so
   * the beginning of a secret there counts as well. `begun`: so do beginnings before `ENDS`.
   */
  spans(text: FoldedText, cut: boolean, begun = false): Span[] {
    if (this.isEmpty) return []
    this.#automaton ??= new Automaton(patternsOf(this.#beginnings))
    const { units } = text
    const automaton = this.#automaton
    const spans: Span[] = []
    let node = 0
    for (let at = 0; at < units.length; at++) {
      node = automaton.next(node, units[at]!)
      const length = automaton.longest[node]!
      if (length === 0) {
        const last = at + 1 === units.length
        const depth = begun && node > 0 && (last ? !cut : ENDS.has(units[at + 1]!)) ? automaton.depth(node) : 0
        if (depth >= SHORTEST_SEARCHED) spans.push({ from: at + 1 - depth, to: at + 1, begun: true })
        continue
      }
      const from = at + 1 - length
      if (length <= LONGEST_SEARCHED) spans.push({ from, to: at + 1 })
      else {
        while (at + 1 < units.length && units[at + 1] !== LINE_FEED) at++
        spans.push({ from, to: at + 1 })
        node = 0
      }
    }
    const open = cut ? automaton.depth(node) : 0
    if (open >= SHORTEST_SEARCHED) spans.push({ from: units.length - open, to: units.length })
    return spans
  }
}

const LINE_FEED = 10
/** What may stand after a secret of which a server repeats the beginning only. */
const ENDS: ReadonlySet<number> = new Set(Array.from('\n."\'`>…', (character) => character.codePointAt(0)!))

function patternsOf(beginnings: Iterable<string>): number[][] {
  return Array.from(beginnings, (text) => Array.from(text, (character) => character.codePointAt(0)!)).sort(inOrder)
}

class Automaton {
  /** For each node the length of the longest secret that ends there; 0 if none does. */
  readonly longest: Uint8Array
  readonly #unit: Int32Array
  /** First child of each node; its children end where those of the next node begin. */
  readonly #children: Int32Array
  /** The node of the longest proper suffix that begins a secret. */
  readonly #suffix: Int32Array
  /** First node of each depth. */
  readonly #levels: readonly number[]

  /** Patterns in order, all different. */
  constructor(patterns: readonly (readonly number[])[]) {
    const most = 1 + patterns.reduce((sum, { length }) => sum + length, 0)
    const unit = new Int32Array(most)
    const children = new Int32Array(most + 1)
    const parent = new Int32Array(most)
    const longest = new Uint8Array(most)
    // The patterns of each node of the current depth are neighbours.
    let level: { node: number; from: number; to: number }[] = [{ node: 0, from: 0, to: patterns.length }]
    const levels = [0]
    let count = 1
    for (let depth = 0; level.length > 0; depth++) {
      const below: typeof level = []
      levels.push(count)
      for (const { node, from, to } of level) {
        children[node] = count
        let at = from
        // The pattern that ends here sorts before those that go on.
        if (patterns[at]!.length === depth) {
          longest[node] = depth
          at++
        }
        while (at < to) {
          const value = patterns[at]![depth]!
          const start = at
          while (at < to && patterns[at]![depth] === value) at++
          unit[count] = value
          parent[count] = node
          below.push({ node: count++, from: start, to: at })
        }
      }
      level = below
    }
    children[count] = count
    this.#unit = unit
    this.#children = children
    this.#suffix = new Int32Array(count)
    this.#levels = levels
    this.longest = longest
    for (let node = 1; node < count; node++) {
      if (parent[node] !== 0) this.#suffix[node] = this.next(this.#suffix[parent[node]!]!, unit[node]!)
      if (longest[node] === 0) longest[node] = longest[this.#suffix[node]!]!
    }
  }

  /** The node after one more unit. */
  next(from: number, unit: number): number {
    for (let node = from; ; node = this.#suffix[node]!) {
      const child = this.#child(node, unit)
      if (child > 0) return child
      if (node === 0) return 0
    }
  }

  /** Length of the beginning of a secret that a node stands for. */
  depth(node: number): number {
    let depth = 0
    while (depth + 1 < this.#levels.length && this.#levels[depth + 1]! <= node) depth++
    return depth
  }

  #child(node: number, unit: number): number {
    let low = this.#children[node]!
    let high = this.#children[node + 1]! - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const value = this.#unit[middle]!
      if (value === unit) return middle
      if (value < unit) low = middle + 1
      else high = middle - 1
    }
    return 0
  }
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!
  return a.length - b.length
}
