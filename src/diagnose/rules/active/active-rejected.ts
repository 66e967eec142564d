import { isUnsupported } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { saysLocalError } from '../../facts/server-words.js'
import { isPublic } from '../../../wire/address-scope.js'
import { alternatives } from '../../remedies/alternatives.js'
import {
  overIpv4Remedy,
  passiveModeRemedy,
  serverSupportRemedy,
  serverConnectsRemedy,
} from '../../remedies/mode-remedies.js'
import type { RemedyContext } from '../../remedies/remedy-context.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Side } from '../../rule.js'
import { replyWords } from '../../words/evidence.js'
import type { Shown } from '../../words/quote.js'
import { type ModeRefusal, modeRefusal, type Refusal } from '../mode-refusal.js'

type Kind =
  /** The reply objects to the announced address or port, not to active mode. */
  | 'endpoint'
  /** PORT over IPv6: it can announce IPv4 addresses only (RFC 2428 §1), and EPRT was not tried. */
  | 'ipv4-only-verb'
  /** Over IPv6, where only EPRT and EPSV work, the server does not support EPRT. */
  | 'no-ipv6'
  /** EPRT was refused, and PORT was not tried. */
  | 'port-untried'
  /** The server accepts the mode, but its own host does not let it open the connection. */
  | 'local-error'
  | 'mode'

export type ActiveRefusal = ModeRefusal<Kind>

const OF_CLIENT: ReadonlySet<Kind> = new Set(['ipv4-only-verb', 'no-ipv6', 'port-untried'])

/** How servers word a refusal to connect to this address or port. */
const OBJECTS_TO_ENDPOINT = /illegal|bounce|privileged|i won't open a connection|invalid port|only to/i

export const activeRejected = defineRule<ActiveRefusal>({
  id: 'active-rejected',
  title: 'server refuses active mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §4.2.2', 'RFC 2428 §1, §2 (IPv6, EPRT)', 'RFC 2577 §3'],
  samples: { reports: 'made/active-rejected.pcap', silent: 'made/active-rejected--silent.pcap' },
  needs: ['active', 'refusal'],

  check: (_session, facts) => modeRefusal(facts, 'active', (last, all) => kindOf(facts, last, all), sideOf),

  texts: {
    message({ kind, verb, reply }) {
      const refusal = `The server refused active mode: "${replyWords(reply)}" to ${verb}`
      return `${refusal}, and no other command led to a data connection.${REASONS[kind]}`
    },
  },

  remedy: remedyOf,
})

const REASONS: Readonly<Record<Kind, string>> = {
  endpoint: ' The server objects to the announced address or port, not to active mode.',
  'ipv4-only-verb':
    ' PORT can announce IPv4 addresses only, and this session runs over IPv6; the client did not try EPRT.',
  'no-ipv6': ' The session runs over IPv6, where a data connection needs EPSV or EPRT.',
  'port-untried': ' The client did not try PORT.',
  'local-error': ' The error is one of the server host itself: no SYN left it.',
  mode: '',
}

function kindOf(facts: SessionFacts, { verb, reply }: Refusal, all: readonly Refusal[]): Kind | null {
  const { refused, failed, worked } = facts.verbs
  if (saysLocalError(reply)) return 'local-error'
  if (facts.overIpv6 && verb === 'PORT') {
    if (failed.has('EPRT') || worked.has('EPRT')) return null
    const extended = all.findLast((refusal) => refusal.verb === 'EPRT')
    return extended ? kindOf(facts, extended, all) : 'ipv4-only-verb'
  }
  if (OBJECTS_TO_ENDPOINT.test(reply.text)) return 'endpoint'
  if (!isUnsupported(reply)) return 'mode'
  if (facts.overIpv6) return 'no-ipv6'
  return verb === 'EPRT' && !refused.has('PORT') && !failed.has('PORT') ? 'port-untried' : 'mode'
}

function sideOf(kind: Kind): Side {
  return OF_CLIENT.has(kind) ? 'client' : 'server'
}

function remedyOf({ kind, refused }: Shown<ActiveRefusal>, context: RemedyContext): string[] {
  const { session, serverSoftware, clientSoftware } = context
  const passive = passiveModeRemedy(context)
  const allow = serverRemedy(serverSoftware, 'allow active mode', (s) => s.allowActive)
  switch (kind) {
    case 'endpoint': {
      const { address } = session.client
      const own = isPublic(address) ? address : 'the address at which the server sees the client'
      const announce = `announce ${own}, with a port above 1023`
      return alternatives(
        passive,
        clientRemedy(clientSoftware, announce, (c) => c.externalAddress?.(own)),
      )
    }
    case 'ipv4-only-verb':
      return alternatives(passive, 'in the client: use EPRT instead of PORT', overIpv4Remedy(context))
    case 'no-ipv6':
      return alternatives(
        refused.includes('EPSV') ? null : passive,
        overIpv4Remedy(context),
        serverSupportRemedy('EPSV and EPRT'),
      )
    case 'port-untried':
      return alternatives(
        passive,
        clientRemedy(clientSoftware, 'use PORT instead of EPRT', (c) => c.noExtendedActive),
      )
    case 'local-error':
      return serverConnectsRemedy(context, true)
    case 'mode':
      return alternatives(passive, allow)
  }
}
