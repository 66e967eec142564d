/** Texts of replies, with the parts that differ from session to session. */
import { around, convolved, exactly, evenly, type Lengths, mixed, type Range, shareOf, shareOfSum } from './lengths.js'

/** What is known of the variable parts of a reply. */
export interface Variables {
  /** Length of the argument of the command as sent. */
  argument: Range
  /** Length of the argument of USER. */
  user: Range | null
  /** Length of the verb. */
  verb: number
  /** Digits of the port of the data connection that followed; `null` if none did. */
  portDigits: number | null
  /** The tuple of a 227 with the server's own address and that port; `null` where it cannot be told. */
  ownTuple: Range | null
}

/** A reply that a server sends: its code, and the lengths that it may have on the wire. */
export interface Template {
  code: number
  /** The text of its lines, without codes, for words: variable parts as `…`. */
  text: string
  weight: number
  /** The lines as sent, each in its literal and variable parts. */
  lines: readonly Line[]
  /** All its lines together, and runs of some that were looked up. */
  whole: Run
  runs: Map<number, Run>
}

export interface Line {
  literal: number
  parts: readonly string[]
}

const LINE_END = 2
const PHRASE = around(24, 0)
const LINES = around(180)
const PATH = mixed({ 1: 0.45 }, around(14))
const NAME = around(10)
/** Texts of strerror(3) and of Windows that replies repeat. */
const ERRORS = mixed({ 25: 0.4, 17: 0.3, 11: 0.05, 15: 0.05, 14: 0.05, 23: 0.05, 19: 0.03 }, around(22, 4))
const SIZE = mixed(
  { 1: 0.08, 2: 0.08, 3: 0.14, 4: 0.16, 5: 0.16, 6: 0.14, 7: 0.1, 8: 0.06, 9: 0.04, 10: 0.02 },
  around(6),
)
/** `138.99 Kbytes`, `49.69 Mbytes`. */
const RATE = mixed({ 11: 0.15, 12: 0.35, 13: 0.4 }, around(12, 9))
const PORT_DIGITS = mixed({ 5: 0.84, 4: 0.14 }, evenly({ least: 1, most: 3 }))
/** `h1,h2,h3,h4,p1,p2` (RFC 959 §4.1.2). */
export const TUPLE: Range = { least: 11, most: 23 }
const OWN_ADDRESS = 0.75
const TUPLES_APART = 64

/**
 * Reads a text such as `331 Password required for {user}`; a multi-line reply has a line for each of its own, each with
 * what stands before its text on the wire.
 */
export function template(source: string, weight: number): Template {
  const lines = source.split('\n').map(lineOf)
  const code = Number(source.slice(0, 3))
  const text = source.replace(/^\d{3}[ -]/gm, '').replace(/\{[^}]*\}/g, '…')
  return { code, text, weight, lines, whole: makeRun(lines), runs: new Map() }
}

function lineOf(source: string): Line {
  const parts = [...source.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  // A run of lines that is not known ends in the end of its last one.
  const end = source === '{lines}' ? 0 : LINE_END
  return { literal: source.replace(/\{\w+\}/g, '').length + end, parts }
}

/** Probability that some of its lines, from `first` to before `end`, have a length together. */
export function shareOfLines(of: Template, first: number, end: number, range: Range, known: Variables): number {
  const { literal, free, bound } = first === 0 && end === of.lines.length ? of.whole : runOf(of, first, end)
  const least = range.least - literal
  const most = range.most - literal
  if (most < 0) return 0
  if (bound.length === 0) return free ? shareOf(free, least, most) : least <= 0 ? 1 : 0
  const parts = bound.map((name) => boundLengths(name, known))
  if (free) parts.push(free)
  return shareOfSum(parts, least, most)
}

/** Some lines of a template together: what is literal, what is variable, and what depends on the dialogue. */
interface Run {
  literal: number
  free: Lengths | null
  bound: readonly string[]
}

const LINES_APART = 16

function runOf(of: Template, first: number, end: number): Run {
  const key = first * LINES_APART + end
  let run = of.runs.get(key)
  if (!run) of.runs.set(key, (run = makeRun(of.lines.slice(first, end))))
  return run
}

function makeRun(lines: readonly Line[]): Run {
  const parts = lines.flatMap((line) => line.parts)
  const free = parts.filter((name) => !BOUND.has(name)).map((name) => FREE[name] ?? PHRASE)
  return {
    literal: lines.reduce((sum, line) => sum + line.literal, 0),
    free: free.length > 0 ? free.reduce(convolved) : null,
    bound: parts.filter((name) => BOUND.has(name)),
  }
}

const FREE: Readonly<Record<string, Lengths>> = {
  path: PATH,
  size: SIZE,
  error: ERRORS,
  lines: LINES,
  rate: RATE,
  digits: exactly(3),
}
/** Parts whose length the dialogue tells. */
const BOUND: ReadonlySet<string> = new Set(['argument', 'options', 'file', 'verb', 'user', 'port', 'tuple'])
/** `MLST `, which the reply to OPTS MLST repeats elsewhere. */
const OPTS_VERB = 5
/** `20200101000000 ` before the path of MFMT. */
const MFMT_TIME = 15

function boundLengths(name: string, { argument, user, verb, portDigits, ownTuple }: Variables): Lengths {
  switch (name) {
    case 'argument':
      return evenly(argument)
    case 'options':
      return evenly({ least: argument.least - OPTS_VERB, most: argument.most - OPTS_VERB })
    case 'file':
      return evenly({ least: argument.least - MFMT_TIME, most: argument.most - MFMT_TIME })
    case 'verb':
      return exactly(verb)
    case 'user':
      return user ? evenly(user) : NAME
    case 'port':
      return portDigits === null ? PORT_DIGITS : exactly(portDigits)
    default:
      return ownTuple ? mixedTuple(ownTuple) : evenly(TUPLE)
  }
}

/** Of tuples of each length, as far as they were needed: there are few. */
const tuples = new Map<number, Lengths>()

function mixedTuple({ least, most }: Range): Lengths {
  const key = least * TUPLES_APART + most
  let lengths = tuples.get(key)
  if (!lengths) tuples.set(key, (lengths = makeTuple({ least, most })))
  return lengths
}

function makeTuple(own: Range): Lengths {
  const share = OWN_ADDRESS / (own.most - own.least + 1)
  const weights: Record<number, number> = {}
  for (let length = own.least; length <= own.most; length++) weights[length] = share
  return mixed(weights, evenly(TUPLE))
}
