import { withCommands } from '../../remedies/commands.js'
import { acceptsPassive, isUnsupported, onlyExtendedTried } from '../../facts/passive.js'
import { saysLocalError, saysNoFreePort } from '../../facts/server-words.js'
import { triedInVain, worksInMode } from '../../facts/tried-verbs.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { alternatives } from '../../remedies/alternatives.js'
import { passiveRange } from '../../remedies/firewall-remedies.js'
import { activeModeRemedy, overIpv4Remedy, serverSupportRemedy } from '../../remedies/mode-remedies.js'
import { widen } from '../../remedies/passive-range.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Side } from '../../rule.js'
import { replyWords } from '../../words/evidence.js'
import type { Shown } from '../../words/quote.js'
import { type ModeRefusal, modeRefusal, type Refusal } from '../mode-refusal.js'

type Kind =
  /** A 4yz reply, a transient condition (RFC 959 §4.2.1). */
  | 'temporary'
  /** The client sent EPSV ALL, after which it may use no command but EPSV (RFC 2428 §4). */
  | 'after-epsv-all'
  /** The reply passes on an error of the server's host: it cannot bind a port. */
  | 'local-error'
  /** PASV over IPv6: it can announce IPv4 addresses only (RFC 2428 §1), and EPSV was not tried. */
  | 'ipv4-only-verb'
  /** Over IPv6, where only EPSV and EPRT work, the server does not support EPSV. */
  | 'no-ipv6'
  /** EPSV was refused, and PASV was not tried. */
  | 'pasv-untried'
  /** The server requires PRET first. */
  | 'pret'
  /** The server does not know the command. */
  | 'unsupported'
  /** The server knows the command and refuses it. */
  | 'permanent'

export type PassiveRefusal = ModeRefusal<Kind>

/** What the client can change. */
const OF_CLIENT: ReadonlySet<Kind> = new Set([
  ...(['after-epsv-all', 'ipv4-only-verb', 'no-ipv6', 'pasv-untried', 'pret'] as const),
])

export const passiveRejected = defineRule<PassiveRefusal>({
  id: 'passive-rejected',
  title: 'server refuses passive mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §4.2.2 (reply codes)', 'RFC 2428 §1, §3, §4 (IPv6, EPSV, EPSV ALL)'],
  samples: { reports: 'made/passive-rejected.pcap', silent: 'made/passive-rejected--silent.pcap' },
  needs: ['passive', 'refusal'],

  *check(session, facts) {
    // A server without EPSV does not refuse PASV: `extended-passive-unsupported`, and what became of the PASV.
    const known = !facts.overIpv6 && (onlyExtendedTried(session) || acceptsPassive(session))
    yield* modeRefusal(
      facts,
      'passive',
      (last, all) => (known && last.verb === 'EPSV' && isUnsupported(last.reply) ? null : kindOf(facts, last, all)),
      sideOf,
    )
  },

  texts: {
    message(fact) {
      const refusal = `The server refused passive mode: "${replyWords(fact.reply)}" to ${fact.verb}`
      return `${refusal}, and no other command led to a data connection.${REASONS[fact.kind]}`
    },
  },

  remedy: remedyOf,
})

/** ProFTPD "550 PASV: Operation not permitted", Serv-U "502 PASV disabled", vsftpd "550 Permission denied". */
const POLICY = /disabled|denied|forbidden|not (?:allowed|enabled|permitted)|permission/i

const REASONS: Readonly<Record<Kind, string>> = {
  'after-epsv-all':
    ' The client had sent EPSV ALL, with which it declares that it uses no command but EPSV for data connections.',
  'local-error': ' The error is one of the server host itself, which could not open a port to listen on.',
  temporary: ' A 4yz reply means a temporary condition, such as an exhausted port range.',
  'ipv4-only-verb':
    ' PASV can announce IPv4 addresses only, and this session runs over IPv6; the client did not try EPSV.',
  'no-ipv6': ' The session runs over IPv6, where a data connection needs EPSV or EPRT.',
  'pasv-untried': ' The client did not try PASV.',
  pret: ' The server requires PRET before the passive command.',
  unsupported: '',
  permanent: '',
}

function kindOf(facts: SessionFacts, { verb, reply }: Refusal, all: readonly Refusal[]): Kind | null {
  const { refused, failed, worked } = facts.verbs
  if (/\bPRET\b/.test(reply.text)) return 'pret'
  if (facts.overIpv6 && verb !== 'EPSV' && verb !== 'LPSV') {
    // Over IPv6 PASV is refused whatever the reason was for which EPSV led to nothing.
    if (failed.has('EPSV') || worked.has('EPSV')) return null
    const extended = all.findLast((refusal) => refusal.verb === 'EPSV')
    return extended ? kindOf(facts, extended, all) : 'ipv4-only-verb'
  }
  if (verb !== 'EPSV' && declaredEpsvAll(facts)) return 'after-epsv-all'
  if (saysLocalError(reply)) return 'local-error'
  if (reply.code < 500 || saysNoFreePort(reply)) return 'temporary'
  if (facts.overIpv6) return isUnsupported(reply) ? 'no-ipv6' : 'permanent'
  if (verb !== 'PASV' && !refused.has('PASV') && !failed.has('PASV')) return 'pasv-untried'
  return isUnsupported(reply) && !POLICY.test(reply.text) ? 'unsupported' : 'permanent'
}

/** EPSV ALL was accepted. */
function declaredEpsvAll({ replies }: SessionFacts): boolean {
  return replies.some(
    ({ exchange: { command, argument }, reply }) =>
      command === 'EPSV' && argument?.trim().toUpperCase() === 'ALL' && reply.code >= 200 && reply.code < 300,
  )
}

function sideOf(kind: Kind): Side {
  return OF_CLIENT.has(kind) ? 'client' : 'server'
}

function remedyOf({ kind, refused }: Shown<PassiveRefusal>, context: RemedyContext): string[] {
  const { session, serverSoftware, clientSoftware } = context
  const active = activeModeRemedy(context)
  const allow = serverRemedy(serverSoftware, 'allow passive mode', (s) => s.allowPassive)
  switch (kind) {
    case 'temporary':
    case 'local-error': {
      const { low, high } = widen(passiveRange(context))
      const wider = `set a wider range of passive ports, ${low} to ${high}`
      const range = serverRemedy(serverSoftware, wider, (s) => s.passivePorts?.(low, high))
      const partly = kind === 'local-error' || worksInMode(session, 'passive')
      return [range, ...(partly ? [FREE_PORTS] : []), ...(active === null ? [] : [`or ${active}`])]
    }
    case 'after-epsv-all':
      return alternatives(
        'in the client: use EPSV for each data connection of the session, or do not send EPSV ALL',
        clientRemedy(clientSoftware, 'use PASV instead of EPSV', (c) => c.noExtended),
      )
    case 'ipv4-only-verb':
      return alternatives(
        clientRemedy(clientSoftware, 'use EPSV (extended passive mode) instead of PASV', (c) => c.extended),
        overIpv4Remedy(context),
      )
    case 'no-ipv6':
      return alternatives(
        overIpv4Remedy(context),
        refused.includes('EPRT') ? null : active,
        serverSupportRemedy('EPSV and EPRT'),
      )
    case 'pasv-untried':
      return alternatives(
        clientRemedy(clientSoftware, 'use PASV instead of EPSV', (c) => c.noExtended),
        active,
      )
    case 'pret':
      return alternatives(
        clientRemedy(clientSoftware, 'send PRET before PASV', (c) => c.pret),
        active,
      )
    case 'unsupported':
      // A server that implements neither verb has no setting for them.
      return triedInVain(session, 'active') ? [allow] : alternatives(active, allow)
    case 'permanent':
      return alternatives(allow, active)
  }
}

const FREE_PORTS = withCommands(
  'on the server: make sure that no other program, reserved port range or security policy takes ports of it',
  ['Linux', 'ss -tanp'],
  ['SELinux', 'setsebool -P ftpd_use_passive_mode on'],
  ['Windows', 'netsh interface ipv4 show excludedportrange tcp'],
)
