/** The commands that clients send, and how long they are. */
import { around, evenly, exactly, type Lengths, mixed, type Range, shareOf, shareOfEvenly } from './lengths.js'
import type { Verb } from './texts/server-texts.js'

/** What is known of the variable parts of a command. */
export interface CommandContext {
  /** Length of the argument of the client's command before it; `null` for the first. */
  before: Range | null
  /** `h1,h2,h3,h4,p1,p2` with the client's own address; `null` over IPv6. */
  ownTuple: Range | null
  /** Length of the server's address as text: HOST names it where the user gave no name. */
  server: number
}

interface Form {
  /** With its argument, without CRLF. */
  share: number
  lengths: Lengths
  /** The argument is a path: the same as before after SIZE, MDTM and the like. */
  path?: true
}

const LINE_END = 2
const PATHS = around(12)
const NAMES = around(8)
const OPTIONS = around(40, 8)
const NUMBERS = evenly({ least: 1, most: 10 })
/** `|1|1.2.3.4|1024|` to `|1|255.255.255.255|65535|`, and IPv6 up to 39 digits (RFC 2428 §2). */
const ENDPOINTS = mixed({}, evenly({ least: 15, most: 50 }))
const TUPLES = evenly({ least: 11, most: 23 })
const SAME_PATH = 0.75

const bare: Form = { share: 1, lengths: exactly(0) }
const path: Form = { share: 1, lengths: PATHS, path: true }
const fixed = (...arguments_: readonly (readonly [share: number, length: number])[]): Form[] =>
  arguments_.map(([share, length]) => ({ share, lengths: exactly(length) }))
const text = (lengths: Lengths): Form => ({ share: 1, lengths })

/** Forms of each verb: `argument` lengths count without the blank before them. */
const FORMS: Readonly<Record<Verb, readonly Form[]>> = {
  USER: [text(NAMES)],
  PASS: [text(around(9))],
  ACCT: [text(NAMES)],
  REIN: [bare],
  QUIT: [bare],
  PBSZ: fixed([1, 1]),
  PROT: fixed([1, 1]),
  CCC: [bare],
  PWD: [bare],
  CWD: [path],
  CDUP: [bare],
  MKD: [path],
  RMD: [path],
  DELE: [path],
  RNFR: [path],
  RNTO: [path],
  SIZE: [path],
  MDTM: [path],
  MFMT: [{ share: 1, lengths: { ...PATHS, from: PATHS.from + 15 } }],
  MLST: [
    { ...path, share: 0.9 },
    { ...bare, share: 0.1 },
  ],
  SYST: [bare],
  FEAT: [bare],
  HELP: [bare],
  STAT: [
    { ...bare, share: 0.7 },
    { ...path, share: 0.3 },
  ],
  NOOP: [bare],
  OPTS: [...fixed([0.7, 7]), { share: 0.3, lengths: OPTIONS }],
  CLNT: [text(around(12, 4))],
  LANG: [{ ...bare, share: 0.7 }, ...fixed([0.2, 2], [0.1, 5])],
  HOST: [text(around(14, 3))],
  CSID: [text(OPTIONS)],
  SITE: [text(around(24, 3))],
  ALLO: [text(NUMBERS)],
  TYPE: fixed([0.998, 1], [0.002, 3]),
  MODE: fixed([1, 1]),
  STRU: fixed([1, 1]),
  REST: [...fixed([0.2, 1]), { share: 0.8, lengths: NUMBERS }],
  PRET: [text(around(16, 4))],
  EPSV: [{ ...bare, share: 0.99 }, ...fixed([0.004, 3], [0.006, 1])],
  PASV: [bare],
  PORT: [text(TUPLES)],
  EPRT: [text(ENDPOINTS)],
  LIST: [{ ...bare, share: 0.6 }, ...fixed([0.12, 2], [0.08, 3]), { ...path, share: 0.2 }],
  MLSD: [
    { ...bare, share: 0.8 },
    { ...path, share: 0.2 },
  ],
  NLST: [
    { ...bare, share: 0.7 },
    { ...path, share: 0.3 },
  ],
  RETR: [path],
  STOR: [path],
  APPE: [path],
  ABOR: [bare],
}

/** Verbs with three letters. */
const VERB_LENGTHS: Readonly<Partial<Record<Verb, number>>> = { PWD: 3, CWD: 3, MKD: 3, RMD: 3, CCC: 3 }

export function verbLength(verb: Verb): number {
  return VERB_LENGTHS[verb] ?? 4
}

/** Length of the argument of a command that has this verb, with its line end. */
export function argumentOf(verb: Verb, { least, most }: Range): Range {
  const around = verbLength(verb) + 1 + LINE_END
  return { least: Math.max(0, least - around), most: Math.max(0, most - around) }
}

/** Probability that a command with this verb is so long, line end included. */
export function shareOfCommand(verb: Verb, range: Range, context: CommandContext): number {
  const { before } = context
  const bareLength = verbLength(verb) + LINE_END
  let sum = 0
  for (const form of formsOf(verb, context)) {
    const isBare = form.lengths.from === 0 && form.lengths.shares.length === 1
    const added = isBare ? bareLength : bareLength + 1
    const least = range.least - added
    const most = range.most - added
    let share = shareOf(form.lengths, least, most)
    if (form.path && before && before.most > 0)
      share = (1 - SAME_PATH) * share + SAME_PATH * shareOfEvenly(before, least, most)
    sum += form.share * share
  }
  return sum
}

function formsOf(verb: Verb, { ownTuple, server }: CommandContext): readonly Form[] {
  if (verb === 'PORT' && ownTuple)
    return [
      { share: 0.8, lengths: evenly(ownTuple) },
      { share: 0.2, lengths: TUPLES },
    ]
  if (verb === 'HOST')
    return [
      { share: 0.5, lengths: exactly(server) },
      { share: 0.5, lengths: FORMS.HOST[0]!.lengths },
    ]
  return FORMS[verb]
}

/** The verbs that are told apart. */
export const VERBS = Object.keys(FORMS) as readonly Verb[]
