import type { ExchangeReport, FindingReport, ReplyReport, SessionReport } from '../contract.js'

/** What stands for a secret in every report. */
const REDACTED = '***'

/** Commands whose argument is a secret: password, account (RFC 959 §4.1.1), security data (RFC 2228 §3). */
const SECRET_COMMANDS: ReadonlySet<string> = new Set(['PASS', 'ACCT', 'ADAT'])

/** Secrets of one session that its replies and findings are searched for; bounded, since a guessing client sends thousands. */
const ECHOED_SECRETS = 256

/**
 * Shorter secrets are replaced only in the replies to the command that carried them: anywhere else a word like "no" is
 * more likely a word, and taking it out would tell the secret instead of hiding it.
 */
const SHORTEST_ECHO = 4

/** The session without its secrets, also where a reply or a finding repeats one; what holds none is shared with the one given. */
export function redactSession(session: SessionReport): SessionReport {
  const secrets = secretsOf(session)
  const everywhere = longestFirst(
    [...secrets].filter((secret) => secret.length >= SHORTEST_ECHO).slice(0, ECHOED_SECRETS),
  )
  return {
    ...session,
    serverSoftware: session.serverSoftware === null ? null : hide(session.serverSoftware, everywhere),
    exchanges: session.exchanges.map((exchange) => redactExchange(exchange, session.user, everywhere)),
    dataChannels: session.dataChannels.map((channel) => {
      const { transfer } = channel
      if (!transfer?.reply) return channel
      const text = hide(transfer.reply.text, everywhere)
      if (text === transfer.reply.text) return channel
      return { ...channel, transfer: { ...transfer, reply: { ...transfer.reply, text } } }
    }),
    findings: session.findings.map((finding) => redactFinding(finding, everywhere)),
    verdict: {
      ...session.verdict,
      sentence: hide(session.verdict.sentence, everywhere),
      ticket: session.verdict.ticket === null ? null : hide(session.verdict.ticket, everywhere),
    },
  }
}

/** The exchange itself where nothing in it is secret: most are such. */
function redactExchange(exchange: ExchangeReport, user: string | null, everywhere: readonly string[]): ExchangeReport {
  const secret = isSecret(exchange)
  const own = secret ? longestFirst(secretsIn(exchange, user)) : []
  let changed = secret
  const replies = exchange.replies.map((reply): ReplyReport => {
    const text = hide(hide(reply.text, own), everywhere)
    if (text === reply.text) return reply
    changed = true
    return { ...reply, text }
  })
  return changed ? { ...exchange, argument: secret ? REDACTED : exchange.argument, replies } : exchange
}

function redactFinding(finding: FindingReport, everywhere: readonly string[]): FindingReport {
  return {
    ...finding,
    message: hide(finding.message, everywhere),
    evidence: finding.evidence.map(({ frame, note }) => ({ frame, note: hide(note, everywhere) })),
    remedy: finding.remedy.map((line) => hide(line, everywhere)),
  }
}

function isSecret({ command, argument }: ExchangeReport): boolean {
  return command !== null && SECRET_COMMANDS.has(command.toUpperCase()) && argument !== null && argument !== ''
}

function secretsOf(session: SessionReport): Set<string> {
  const secrets = new Set<string>()
  for (const exchange of session.exchanges) for (const secret of secretsIn(exchange, session.user)) secrets.add(secret)
  return secrets
}

function secretsIn(exchange: ExchangeReport, user: string | null): string[] {
  if (!isSecret(exchange)) return []
  const argument = exchange.argument!
  // A leading minus is no part of the password: by custom it asks the server for short replies.
  const spellings = argument.startsWith('-') ? [argument, argument.slice(1)] : [argument]
  // A password equal to the user name is not searched for: the name is printed anyway, and a gap in its place would tell.
  return spellings.filter((secret) => secret !== '' && secret.toLowerCase() !== user?.toLowerCase())
}

/** The text without those of the secrets, longest first, that stand in it as whole words. */
function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => hideOne(rest, secret), text)
}

function hideOne(text: string, secret: string): string {
  const first = text.indexOf(secret)
  if (first < 0) return text
  let shown = ''
  let from = 0
  for (let at = first; at >= 0; at = text.indexOf(secret, at + 1)) {
    if (at < from || LETTER.test(text.charAt(at - 1)) || LETTER.test(text.charAt(at + secret.length))) continue
    shown += text.slice(from, at) + REDACTED
    from = at + secret.length
  }
  return shown + text.slice(from)
}

const LETTER = /[\p{L}\p{N}]/u

function longestFirst(secrets: Iterable<string>): string[] {
  return [...secrets].sort((a, b) => b.length - a.length)
}
