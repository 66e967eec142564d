/** The replies that a server may send, with their probabilities. */
import { ANY_SERVER } from './texts/any-server.js'
import { FILEZILLA_SERVER } from './texts/filezilla-server.js'
import { IIS } from './texts/iis.js'
import { PROFTPD } from './texts/proftpd.js'
import { PURE_FTPD } from './texts/pure-ftpd.js'
import { PYFTPDLIB } from './texts/pyftpdlib.js'
import type { Occasion, ServerTexts, Verb } from './texts/server-texts.js'
import { VSFTPD } from './texts/vsftpd.js'
import { type Template, template } from './template.js'

/** Servers whose texts are known, by their names in `server-software.ts`. */
export const KNOWN_SERVERS: Readonly<Record<string, ServerTexts>> = {
  vsftpd: VSFTPD,
  ProFTPD: PROFTPD,
  'Pure-FTPd': PURE_FTPD,
  pyftpdlib: PYFTPDLIB,
  'FileZilla Server': FILEZILLA_SERVER,
  'Microsoft FTP Service': IIS,
}

/** Verbs that are answered as another one is, unless a server has texts of its own for them. */
const LIKE: Readonly<Partial<Record<Occasion, Verb>>> = { MLSD: 'LIST', NLST: 'LIST', APPE: 'STOR' }

/** Texts that administrators replace: greetings, banners. */
const CHANGED = new Set<Occasion>(['GREETING', 'USER', 'PASS', 'QUIT'])
const LEFT_AS_THEY_ARE = 0.985
const OFTEN_CHANGED = 0.93
/** Share of texts that answer any verb. */
const TO_ANY_VERB = 0.008
/** How much more often a server agrees than it refuses, for each text. */
const POSITIVE = 12
/** Questions to which a refusal is an answer like any other. */
const ASKING = new Set<Occasion>([
  'PASS',
  'SIZE',
  'MDTM',
  'CWD',
  'RNFR',
  'DELE',
  'MKD',
  'OPTS',
  'CLNT',
  'LANG',
  'HOST',
  'CSID',
  'MLST',
  'SITE',
])
const POSITIVE_ANSWER = 4
/** A server that does not say what it usually says has a reason. */
const UNEXPECTED = 0.5
/** Before a text that is hardly ever seen. */
const SELDOM = '~'
const RARE = 0.08

/** What one server says; `null`: any server. */
export class ReplyModel {
  readonly #texts: ServerTexts | null
  readonly #byOccasion = new Map<Occasion, readonly Template[]>()

  constructor(texts: ServerTexts | null) {
    this.#texts = texts
  }

  /** The replies to a verb, or on another occasion; their weights sum to 1. */
  replies(occasion: Occasion): readonly Template[] {
    let replies = this.#byOccasion.get(occasion)
    if (!replies) this.#byOccasion.set(occasion, (replies = this.#make(occasion)))
    return replies
  }

  #make(occasion: Occasion): Template[] {
    const any = sourcesFor(ANY_SERVER, occasion)
    const positive = ASKING.has(occasion) ? POSITIVE_ANSWER : POSITIVE
    if (!this.#texts) return [...weighted(any, 1 - TO_ANY_VERB, positive), ...weighted(ANY_SERVER.ANY!, TO_ANY_VERB, 1)]
    const own = sourcesFor(this.#texts, occasion)
    const toAny = occasion === 'UNASKED' || occasion === 'GREETING' ? [] : this.#texts.ANY!
    const share = CHANGED.has(occasion) ? OFTEN_CHANGED : LEFT_AS_THEY_ARE
    const rest = 1 - share - (toAny.length > 0 ? TO_ANY_VERB : 0)
    return [...weighted(own, share, positive), ...weighted(toAny, TO_ANY_VERB, 1), ...weighted(any, rest, UNEXPECTED)]
  }
}

function sourcesFor(texts: ServerTexts, occasion: Occasion): readonly string[] {
  const alike = LIKE[occasion]
  return texts[occasion] ?? (alike && texts[alike]) ?? texts.OTHER!
}

function weighted(sources: readonly string[], share: number, positive: number): Template[] {
  const weights = sources.map((source) => (source.startsWith(SELDOM) ? RARE : source < '4' ? positive : 1))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return sources.map((source, index) =>
    template(source.startsWith(SELDOM) ? source.slice(1) : source, (share * weights[index]!) / sum),
  )
}
