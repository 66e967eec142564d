import { acceptsPassive, onlyExtendedTried, UNSUPPORTED } from '../../facts/passive.js'
import { passiveRange } from '../../remedies/firewall-remedies.js'
import { widen } from '../../remedies/passive-range.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule } from '../../rule.js'
import { replyWords } from '../../words/evidence.js'
import { type ModeRefusal, modeRefusal } from '../mode-refusal.js'

/** `temporary`: a 4yz reply, a transient condition (RFC 959 §4.2.1). */
export type PassiveRefusal = ModeRefusal<'temporary' | 'permanent'>

export const passiveRejected = defineRule<PassiveRefusal>({
  id: 'passive-rejected',
  title: 'server refuses passive mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §4.2.2 (reply codes)', 'RFC 2428 §3'],
  samples: { reports: 'made/passive-rejected.pcap', silent: 'made/passive-rejected--silent.pcap' },
  needs: ['passive', 'refusal'],
  *check(session, facts) {
    for (const refusal of modeRefusal(facts, 'passive', ({ code }) => (code < 500 ? 'temporary' : 'permanent'))) {
      const { verb, reply } = refusal.fact
      // A server without EPSV does not refuse PASV: `extended-passive-unsupported`, and what became of the PASV.
      const known = onlyExtendedTried(session) || acceptsPassive(session)
      if (verb === 'EPSV' && UNSUPPORTED.has(reply.code) && known) continue
      yield refusal
    }
  },
  texts: {
    message({ kind, verb, reply }) {
      const refusal = `The server refused passive mode: "${replyWords(reply)}" to ${verb}`
      const condition = ' A 4yz reply means a temporary condition, such as an exhausted port range.'
      return `${refusal}, and no other command led to a data connection.${kind === 'temporary' ? condition : ''}`
    },
  },
  remedy({ kind }, context) {
    const { low, high } = widen(passiveRange(context))
    const wider = `set a wider range of passive ports, ${low} to ${high}`
    return [
      kind === 'temporary'
        ? serverRemedy(context.serverSoftware, wider, (s) => s.passivePorts?.(low, high))
        : serverRemedy(context.serverSoftware, 'allow passive mode', (s) => s.allowPassive),
      'or use active mode in the client, where no NAT or firewall is in front of it',
    ]
  },
})
