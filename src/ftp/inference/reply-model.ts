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

/** Share of texts that the server's table has for the occasion, for any verb, and of what administrators change. */
const OWN = 0.93
const TO_ANY_VERB = 0.02
/** How much more often a server agrees than it refuses, for each text. */
const POSITIVE = 12
/** Before a text that is hardly ever seen. */
const SELDOM = '~'
const RARE = 0.2

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
    if (!this.#texts) return [...weighted(any, 0.98), ...weighted(ANY_SERVER.ANY!, 0.02)]
    const own = sourcesFor(this.#texts, occasion)
    const toAny = occasion === 'UNASKED' || occasion === 'GREETING' ? [] : this.#texts.ANY!
    return [
      ...weighted(own, OWN),
      ...weighted(toAny, TO_ANY_VERB),
      ...weighted(any, 1 - OWN - (toAny.length > 0 ? TO_ANY_VERB : 0)),
    ]
  }
}

function sourcesFor(texts: ServerTexts, occasion: Occasion): readonly string[] {
  const alike = LIKE[occasion]
  return texts[occasion] ?? (alike && texts[alike]) ?? texts.OTHER!
}

function weighted(sources: readonly string[], share: number): Template[] {
  const weights = sources.map((source) => (source.startsWith(SELDOM) ? RARE : source < '4' ? POSITIVE : 1))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return sources.map((source, index) =>
    template(source.startsWith(SELDOM) ? source.slice(1) : source, (share * weights[index]!) / sum),
  )
}
