import { passiveModeRemedy } from '../../remedies/mode-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule } from '../../rule.js'
import { replyWords } from '../../words/evidence.js'
import { type ModeRefusal, modeRefusal } from '../mode-refusal.js'

/** `endpoint`: the reply objects to the announced address or port, not to active mode. */
export type ActiveRefusal = ModeRefusal<'endpoint' | 'mode'>

/** How servers word a refusal to connect to this address or port. */
const OBJECTS_TO_ENDPOINT = /illegal|bounce|privileged|i won't open a connection|invalid port|only to/i

export const activeRejected = defineRule<ActiveRefusal>({
  id: 'active-rejected',
  title: 'server refuses active mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §4.2.2', 'RFC 2428 §2', 'RFC 2577 §3'],
  samples: { reports: 'made/active-rejected.pcap', silent: 'made/active-rejected--silent.pcap' },
  needs: ['active', 'refusal'],
  check: (_session, facts) =>
    modeRefusal(facts, 'active', ({ text }) => (OBJECTS_TO_ENDPOINT.test(text) ? 'endpoint' : 'mode')),
  texts: {
    message({ kind, verb, reply }) {
      const refusal = `The server refused active mode: "${replyWords(reply)}" to ${verb}`
      const objection =
        kind === 'endpoint' ? ' The server objects to the announced address or port, not to active mode.' : ''
      return `${refusal}, and no other command led to a data connection.${objection}`
    },
  },
  remedy: (_fact, context) => [
    passiveModeRemedy(context),
    `or ${serverRemedy(context.serverSoftware, 'allow active mode', (s) => s.allowActive)}`,
  ],
})
