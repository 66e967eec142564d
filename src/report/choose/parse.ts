/**
 * The language of `--where` and of the page's search box:
 *
 *     expression = and { "or" and }
 *     and        = not { ["and"] not }
 *     not        = "not" not | "(" expression ")" | FIELD operator values | word
 *     operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
 *     values     = value { "," value }
 *     value      = word | '"' text '"'
 *
 * A word without an operator is looked for in everything that a session says.
 */
export type Expression =
  | { kind: 'or' | 'and'; parts: Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'word'; text: string }
  | { kind: 'compare'; field: string; operator: Operator; values: string[]; at: number }

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~'

/** What is wrong with an expression, and where: 0 for its first character. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

interface Token {
  kind: 'word' | 'text' | 'operator' | 'open' | 'close' | 'comma' | 'end'
  text: string
  at: number
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|(!=|<=|>=|!~|==?|<|>|~)|([(),])|([^\s"(),=<>~!]+|!))/y

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const [all, quoted, operator, mark, word] = TOKEN.exec(text) ?? []
    if (all === undefined) throw new ExpressionError('A closing quotation mark is missing', at)
    const from = at + all.length - all.trimStart().length
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1'), at: from })
    else if (operator !== undefined)
      tokens.push({ kind: 'operator', text: operator === '==' ? '=' : operator, at: from })
    else if (mark !== undefined)
      tokens.push({ kind: mark === '(' ? 'open' : mark === ')' ? 'close' : 'comma', text: mark, at: from })
    else tokens.push({ kind: 'word', text: word!, at: from })
  }
  return [...tokens, { kind: 'end', text: '', at: end }]
}

/** Deeper than anyone writes. */
const DEEPEST = 100

/** @throws ExpressionError */
export function parseExpression(text: string): Expression {
  return new Parser(tokensOf(text)).whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    if (this.#peek().kind === 'end') return { kind: 'and', parts: [] }
    const expression = this.#or()
    if (this.#peek().kind !== 'end') this.#unexpected()
    return expression
  }

  #peek(): Token {
    return this.#tokens[this.#at]!
  }

  #take(): Token {
    return this.#tokens[this.#at++]!
  }

  #isKeyword(word: string): boolean {
    return this.#peek().kind === 'word' && this.#peek().text.toLowerCase() === word && !this.#isCompared()
  }

  /** The word before an operator is a field. */
  #isCompared(): boolean {
    return this.#tokens[this.#at + 1]?.kind === 'operator'
  }

  #or(): Expression {
    const parts = [this.#and()]
    while (this.#isKeyword('or')) {
      this.#at++
      parts.push(this.#and())
    }
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts }
  }

  #and(): Expression {
    const parts = [this.#not()]
    for (;;) {
      if (this.#isKeyword('and')) this.#at++
      else if (this.#peek().kind === 'end' || this.#peek().kind === 'close' || this.#isKeyword('or')) break
      parts.push(this.#not())
    }
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts }
  }

  #not(): Expression {
    if (++this.#depth > DEEPEST) throw new ExpressionError('The expression is nested too deeply', this.#peek().at)
    const expression = this.#unary()
    this.#depth--
    return expression
  }

  #unary(): Expression {
    if (this.#isKeyword('not')) {
      this.#at++
      return { kind: 'not', part: this.#not() }
    }
    const { kind, text, at } = this.#peek()
    if (kind === 'open') {
      this.#at++
      const inner = this.#or()
      if (this.#take().kind !== 'close') throw new ExpressionError('A closing parenthesis is missing', at)
      return inner
    }
    if (kind !== 'word' && kind !== 'text') return this.#unexpected()
    this.#at++
    if (kind === 'text' || this.#peek().kind !== 'operator') return { kind: 'word', text }
    const operator = this.#take().text as Operator
    return { kind: 'compare', field: text, operator, values: this.#values(), at }
  }

  #values(): string[] {
    const values = [this.#value()]
    while (this.#peek().kind === 'comma') {
      this.#at++
      values.push(this.#value())
    }
    return values
  }

  #value(): string {
    const { kind, text } = this.#peek()
    if (kind !== 'word' && kind !== 'text') return this.#unexpected('a value')
    this.#at++
    return text
  }

  #unexpected(wanted = 'a word, a comparison or a parenthesis'): never {
    const { kind, text, at } = this.#peek()
    throw new ExpressionError(`Expected ${wanted} instead of ${kind === 'end' ? 'the end' : `"${text}"`}`, at)
  }
}
