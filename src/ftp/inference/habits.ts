/** Which command follows which: what curl, lftp, wget, ftplib, basic-ftp, FileZilla and WinSCP are seen to do. */
import { type Verb } from './texts/server-texts.js'
import { VERBS } from './commands.js'

type Weights = Readonly<Partial<Record<Verb, number>>>

/** What a client asks for once it is ready for work. */
const WORK: Weights = {
  EPSV: 22,
  PASV: 22,
  TYPE: 16,
  CWD: 14,
  PWD: 6,
  SIZE: 6,
  MDTM: 4,
  QUIT: 10,
  PORT: 8,
  EPRT: 6,
  SYST: 4,
  FEAT: 4,
  OPTS: 4,
  NOOP: 3,
  LIST: 0.4,
  RETR: 0.4,
  STOR: 0.4,
  DELE: 1,
  MKD: 1,
  RMD: 0.3,
  RNFR: 1,
  MLST: 2,
  SITE: 2,
  REST: 2,
  CDUP: 1,
  MFMT: 1,
  STAT: 0.5,
  HELP: 0.3,
  ALLO: 0.1,
  PROT: 1,
  PBSZ: 0.3,
  PRET: 1,
}
/** What it asks for with a data connection at hand. */
const TRANSFER: Weights = {
  LIST: 30,
  MLSD: 4,
  NLST: 2,
  RETR: 30,
  STOR: 24,
  APPE: 1,
  TYPE: 10,
  SIZE: 6,
  REST: 8,
  MDTM: 2,
  CWD: 2,
  EPSV: 2,
  PASV: 6,
  PORT: 2,
  QUIT: 2,
  ALLO: 0.5,
  PRET: 1,
}
/** Before USER under explicit TLS. */
const LOGIN: Weights = {
  USER: 66,
  PBSZ: 12,
  CLNT: 6,
  LANG: 4,
  OPTS: 6,
  FEAT: 8,
  HOST: 5,
  SYST: 3,
  PROT: 2,
  QUIT: 2,
  CSID: 2,
  NOOP: 1,
}
const READY: Weights = { ...WORK, PBSZ: 30, SYST: 16, FEAT: 16, OPTS: 18, PWD: 18, CLNT: 5, CWD: 12, PROT: 2, CSID: 2 }

const AFTER: Readonly<Partial<Record<Verb | 'NOTHING', Weights>>> = {
  NOTHING: LOGIN,
  USER: { PASS: 97, USER: 2, QUIT: 2 },
  PASS: READY,
  ACCT: READY,
  PBSZ: { PROT: 96, USER: 2, QUIT: 1 },
  PROT: { ...WORK, USER: 14, PWD: 16, SYST: 10, OPTS: 6, CWD: 10, FEAT: 4, MODE: 2, STRU: 3 },
  FEAT: { ...WORK, OPTS: 20, CLNT: 12, LANG: 6, PBSZ: 12, PWD: 10, USER: 8, HOST: 3, SYST: 6 },
  PWD: { ...WORK, CWD: 18, EPSV: 26, PASV: 26, PORT: 14, EPRT: 12 },
  CLNT: { LANG: 20, OPTS: 36, USER: 12, PBSZ: 10, PWD: 6, TYPE: 4, SYST: 2, CSID: 2, CWD: 2, FEAT: 4 },
  LANG: { OPTS: 50, USER: 20, HOST: 10, PBSZ: 6, PWD: 4 },
  HOST: { USER: 80, PASS: 2, QUIT: 4, PBSZ: 3, PWD: 2 },
  OPTS: { ...WORK, USER: 14, HOST: 5, OPTS: 8, PWD: 24, PBSZ: 18, SYST: 3, CLNT: 2 },
  SYST: { ...WORK, PWD: 30, FEAT: 14, TYPE: 14, OPTS: 6, PBSZ: 8, HELP: 1 },
  SIZE: { ...WORK, RETR: 24, MDTM: 20, REST: 6, STOR: 4, SIZE: 10, EPSV: 12, PASV: 16 },
  MDTM: { ...WORK, RETR: 16, SIZE: 8, EPSV: 14, PASV: 20, MDTM: 4, STOR: 3 },
  REST: { RETR: 60, STOR: 30, REST: 1, EPSV: 4, PASV: 6, LIST: 1 },
  RNFR: { RNTO: 96, QUIT: 1, RNFR: 1 },
  PRET: { PASV: 50, EPSV: 40, QUIT: 4 },
  TYPE: { ...WORK, EPSV: 30, PASV: 34, SIZE: 16, LIST: 8, RETR: 8, STOR: 6, PORT: 10, EPRT: 8, STRU: 3, MODE: 2 },
  STOR: { ...WORK, MFMT: 10, SITE: 8, SIZE: 8 },
  ALLO: { STOR: 60, EPSV: 10, PASV: 10 },
  QUIT: {},
}
/** Share of what no habit explains. */
const UNEXPECTED = 0.04
/** Verbs that servers refuse before the login. */
const NEEDS_LOGIN = new Set<Verb>(
  (
    'PWD CWD CDUP MKD RMD DELE RNFR RNTO SIZE MDTM MFMT MLST REST PRET EPSV PASV PORT EPRT ' +
    'LIST MLSD NLST RETR STOR APPE'
  ).split(' ') as Verb[],
)
const REFUSED_BEFORE_LOGIN = 0.1

/** What has to be known of a dialogue to tell what comes next. */
export interface Position {
  /** The client's last command; `null` before the first. */
  last: Verb | null
  loggedIn: boolean
  /** A data connection was announced, or opened, for a transfer that has not been asked for. */
  prepared: boolean
}

/** By the last verb; of each, those for `loggedIn` and `prepared`. */
const tables = new Map<Verb | null, (readonly number[] | undefined)[]>()

/** Probabilities of the next verb, in the order of `VERBS`; they sum to 1. */
export function nextVerbs({ last, loggedIn, prepared }: Position): readonly number[] {
  let ofVerb = tables.get(last)
  if (!ofVerb) tables.set(last, (ofVerb = []))
  return (ofVerb[(loggedIn ? 2 : 0) + (prepared ? 1 : 0)] ??= tableOf({ last, loggedIn, prepared }))
}

function tableOf({ last, loggedIn, prepared }: Position): number[] {
  const own = AFTER[last ?? 'NOTHING']
  const habits = !loggedIn && last !== 'USER' ? { ...LOGIN, ...(last === 'PBSZ' ? own : {}) } : (own ?? WORK)
  const weights = prepared ? blend(TRANSFER, habits) : habits
  const allowed = VERBS.map((verb) => {
    const expected = weights[verb] ?? 0
    const total = (1 - UNEXPECTED) * (expected / sumOf(weights)) + UNEXPECTED / VERBS.length
    return !loggedIn && NEEDS_LOGIN.has(verb) ? total * REFUSED_BEFORE_LOGIN : total
  })
  const sum = allowed.reduce((total, share) => total + share, 0)
  return allowed.map((share) => share / sum)
}

/** Mostly the first, a little of the second. */
function blend(one: Weights, other: Weights): Weights {
  const [ones, others] = [sumOf(one), sumOf(other)]
  return Object.fromEntries(
    VERBS.map((verb) => [verb, (0.85 * (one[verb] ?? 0)) / ones + (0.15 * (other[verb] ?? 0)) / others]),
  )
}

function sumOf(weights: Weights): number {
  return Math.max(
    1e-9,
    Object.values(weights).reduce((sum, weight) => sum + weight, 0),
  )
}
