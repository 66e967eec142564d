import type { Dialogue, Exchange, Reply } from '../model.js'
import { canonicalVerb, isKnownVerb } from '../verbs.js'
import { type DialogueSecrets, secretsOf } from './dialogue-secrets.js'
import { hide, hideShort, isClean, hideTorn, hideUnknown, type Source } from './hide.js'
import { hideOtherProtocol } from './other-protocols.js'
import {
  HIDDEN,
  isSecretVerb,
  isWrapper,
  secretArgument,
  type SecretArgument,
  withoutUrlPasswords,
} from './secret-arguments.js'
import { SecretSearch, SHORTEST_SEARCHED } from './secret-search.js'

/**
 * Replaces the secrets of a finished dialogue by stars, wherever one stands. All that judges or describes the session
 * afterwards sees the stars only, so that neither words nor verdict depend on a secret. `midstream`: the capture begins
 * inside the connection.
 */
export function hideSecrets(dialogue: Dialogue, midstream: boolean): void {
  if (dialogue.otherProtocol) hideOtherProtocol(dialogue)
  else new Redaction(dialogue, midstream).run()
}

/** Arguments that are keywords and numbers: what a server takes literally is no free text. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'PORT EPRT LPRT EPSV PASV LPSV TYPE MODE STRU ALLO REST PROT PBSZ AUTH OPTS FEAT HELP LANG MFMT MDTM RANG'.split(' '),
)
/** Replies whose numbers are addresses, ports, offsets, sizes and dates (RFC 959 §4.2.2, RFC 2428, RFC 3659). */
const NUMERIC_REPLIES = new Set([213, 227, 228, 229, 350])
/** Replies that may repeat a name or password. */
const JUDGING_REPLIES = new Set([230, 232, 332, 430, 500, 501, 502, 503, 504, 530])
const FINAL_JUDGEMENTS = new Set([230, 232, 430, 530])

class Redaction {
  readonly #dialogue: Dialogue
  readonly #midstream: boolean
  readonly #secrets: DialogueSecrets
  readonly #search: SecretSearch
  /** Secrets that are not searched for, in upper case as verbs are. */
  #short: ReadonlySet<string> | null = null

  constructor(dialogue: Dialogue, midstream: boolean) {
    this.#dialogue = dialogue
    this.#midstream = midstream
    this.#secrets = secretsOf(dialogue)
    this.#search = new SecretSearch(this.#secrets.all)
  }

  run(): void {
    const dialogue = this.#dialogue
    const { exchanges, transfers, announcements, uncodedLine } = dialogue
    const unknown = this.#repliesToUnknown()
    for (const transfer of transfers) {
      const { command, path, exchange } = transfer
      transfer.path = this.#argument(command, path, secretArgument(command, path), isCut(exchange))
      if (transfer.directory !== null) transfer.directory = this.#server(transfer.directory, LATER)
    }
    const user = exchanges.findLast(({ command }) => command === 'USER') ?? null
    for (const exchange of exchanges) this.#exchange(exchange, unknown)
    if (dialogue.user !== null) dialogue.user = user ? user.argument : this.#client(dialogue.user)
    if (dialogue.clientSoftware !== null) dialogue.clientSoftware = this.#client(dialogue.clientSoftware)
    // Its words are a product's, and its numbers a version's.
    if (dialogue.serverSoftware !== null) dialogue.serverSoftware = this.#server(dialogue.serverSoftware, NUMERIC)
    if (dialogue.workingDirectory !== null) dialogue.workingDirectory = this.#server(dialogue.workingDirectory, LATER)
    if (uncodedLine) {
      const later = uncodedLine.frame > this.#secrets.firstFrame
      const text = this.#server(uncodedLine.text, { later, cut: true, own: true, uncoded: true })
      uncodedLine.text = unknown.size > 0 && later ? hideUnknown(text, this.#secrets.names) : text
    }
    for (const each of announcements)
      if (each.malformed !== null) each.malformed = this.#server(each.malformed, { ...LATER, ...NUMERIC })
    const { features } = dialogue
    for (const [at, each] of features.entries()) features[at] = this.#server(each, NUMERIC)
    const offer = dialogue.tls?.offer
    if (offer?.protocols) offer.protocols = offer.protocols.map((each) => this.#server(each, NUMERIC))
  }

  #exchange(exchange: Exchange, unknown: ReadonlySet<Reply>): void {
    const { command, argument } = exchange
    const { lines, arguments: secretArguments, firstFrame, names } = this.#secrets
    const own = lines.get(exchange) ?? secretArguments.get(exchange)?.secrets ?? []
    if (command !== null) {
      exchange.argument = this.#argument(command, argument, secretArguments.get(exchange), isCut(exchange))
      if (lines.has(exchange) || this.#isSecretLine(command, argument)) {
        exchange.command = HIDDEN
        exchange.argument = null
      }
    }
    for (const reply of exchange.replies) {
      const { code, text } = reply
      const cut = reply.lineEnd === 'none' || reply.unfinished || reply.clipped
      if (own.length === 0 && !cut && !unknown.has(reply) && !text.includes('://') && this.#isClean(text, WHOLE))
        continue
      const source = {
        later: reply.frame > firstFrame,
        numeric: NUMERIC_REPLIES.has(code),
        cut,
        own: own.length > 0,
        verb: lines.has(exchange) ? undefined : command?.toLowerCase(),
      }
      let shown = this.#server(text, source)
      for (const secret of own) shown = hideShort(shown, secret, { from: 'server', ...source })
      if (unknown.has(reply)) shown = hideUnknown(shown, names)
      if (shown !== text) reply.text = shown
    }
  }

  /** A line with an unknown verb in which a secret begins before its argument. */
  #isSecretLine(command: string, argument: string | null): boolean {
    if (isKnownVerb(canonicalVerb(command)) || isWrapper(command) || isSecretVerb(command)) return false
    this.#short ??= new Set([...this.#secrets.all].filter(isShort).map((each) => each.toUpperCase()))
    if (this.#short.has(command) || this.#client(command) !== command) return true
    const line = argument === null ? command : `${command} ${argument}`
    return !this.#client(line).startsWith(command)
  }

  #argument(
    command: string,
    argument: string | null,
    secret: SecretArgument | null | undefined,
    cut: boolean,
  ): string | null {
    const shown = secret?.shown ?? argument
    return shown === null ? null : this.#client(shown, { numeric: KEYWORDS.has(command), cut })
  }

  #client(text: string, source: Omit<Source, 'from'> = {}): string {
    return this.#isClean(text, source) ? text : this.#hide(text, { from: 'client', ...source })
  }

  #server(text: string, source: Omit<Source, 'from'>): string {
    return withoutUrlPasswords(this.#isClean(text, source) ? text : this.#hide(text, { from: 'server', ...source }))
  }

  /** What most texts are. */
  #isClean(text: string, source: Omit<Source, 'from'>): boolean {
    return this.#secrets.torn.length === 0 && isClean(text, this.#search, source)
  }

  #hide(text: string, source: Source): string {
    const { names, torn } = this.#secrets
    if (torn.length === 0) return hide(text, this.#search, names, source)
    // Before the search, which would leave what lies between the parts.
    const whole = hide(hideTorn(text, torn, names, source, false), this.#search, names, source)
    return hideTorn(whole, torn, names, source, true)
  }

  /**
   * Replies to what was captured in part, or not at all: after each hole in what the client said, up to the judgement
   * of a login; and where the capture begins inside the connection, up to the first one.
   */
  #repliesToUnknown(): ReadonlySet<Reply> {
    const { exchanges, fragments } = this.#dialogue
    if (fragments.length === 0 && !this.#midstream) return NO_REPLIES
    const replies = new Set<Reply>()
    let hole = 0
    let open = this.#midstream
    for (const { replies: own } of exchanges) {
      for (const reply of own) {
        while (hole < fragments.length && fragments[hole]!.frame <= reply.frame) {
          open = true
          hole++
        }
        if (!open || !JUDGING_REPLIES.has(reply.code)) continue
        replies.add(reply)
        if (FINAL_JUDGEMENTS.has(reply.code)) open = false
      }
    }
    return replies
  }
}

/** The capture may lack the end of the command. */
function isCut({ clipped, lineEnd }: Exchange): boolean {
  return clipped || lineEnd === 'none'
}

function isShort(secret: string): boolean {
  return secret.length < SHORTEST_SEARCHED
}

const NO_REPLIES: ReadonlySet<Reply> = new Set()
const WHOLE = {}
const NUMERIC = { numeric: true }
const LATER = { later: true }
