import type { DataChannel, PassiveAttempt } from '../../../correlate/model.js'
import type { PassiveVerb } from '../../../ftp/model.js'
import { isEstablished, passiveChannels } from '../../facts/passive.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, type Evidence, openingEvidence } from '../../words/evidence.js'

export interface OneVerbBlocked extends Fact {
  /** `not-seen`: captured at the server, where no SYN of the failed connection arrived. */
  kind: 'failed' | 'not-seen'
  /** The verb whose data connection failed, and the one whose was established. */
  lost: PassiveVerb
  works: PassiveVerb
}

export const extendedPassiveBlocked = defineRule<OneVerbBlocked>({
  id: 'extended-passive-blocked',
  title: 'only one of EPSV and PASV works',
  severity: 'warning',
  side: 'server-network',
  level: 'effect',
  explains: ['passive-not-attempted', 'passive-port-refused', 'passive-port-unanswered', 'passive-port-unreachable'],
  concernsDataSyn: true,
  references: ['RFC 2428 §3 (EPSV)', 'RFC 1579'],
  samples: { reports: 'made/extended-passive-blocked.pcap', silent: 'made/extended-passive-blocked--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session, facts) {
    const channels = [...passiveChannels(session)]
    const established = channels.filter(isEstablished)
    const extended = established.find(isExtended)
    const plain = established.find((channel) => !isExtended(channel))
    const elsewhere = session.surroundings.sameHosts.flatMap(({ passive }) => passive)
    for (const channel of channels) {
      const attempt = facts.attempt(channel)
      if (!attempt && !neverArrived(facts, channel)) continue
      const [same, other] = isExtended(channel) ? [extended, plain] : [plain, extended]
      const [lost, works] = isExtended(channel) ? (['EPSV', 'PASV'] as const) : (['PASV', 'EPSV'] as const)
      const proof = other ? announcementEvidence(other.announcement!, ESTABLISHED) : proofElsewhere(elsewhere, works)
      // A verb that failed once and worked once points to chance or to a range that is partly open, not to the verb.
      if (!proof || same || elsewhere.some(({ verb, established: opened }) => opened && verb === lost)) continue
      yield {
        fact: { kind: attempt ? 'failed' : 'not-seen', lost, works },
        confidence: attempt ? 'medium' : 'low',
        evidence: [
          announcementEvidence(channel.announcement!),
          ...(attempt ? openingEvidence(attempt.connection) : []),
          proof,
        ],
        rivals: ['passive-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, lost, works }) {
      const failure = `${lost} ${kind === 'failed' ? 'failed' : 'was not captured here'}`
      const cause = `a middlebox on the path tracks ${works} only`
      return `The data connection announced by ${failure}, but the one announced by ${works} was established: ${cause}.`
    },
  },

  remedy({ lost }, context) {
    if (lost === 'EPSV') {
      const plain = clientRemedy(context.clientSoftware, 'use PASV instead of EPSV', (c) => c.noExtended)
      return [plain, ...openRangeRemedy(context)]
    }
    const { address } = context.session.server
    const announce = serverRemedy(context.serverSoftware, `announce ${address} in 227 replies`, (s) =>
      s.passiveAddress?.(address),
    )
    return [clientRemedy(context.clientSoftware, 'use EPSV instead of PASV', (c) => c.extended), `or ${announce}`]
  },
})

const ESTABLISHED = 'data connection established'

/** The other verb, in another session of the same hosts. */
function proofElsewhere(attempts: readonly PassiveAttempt[], works: PassiveVerb): Evidence | null {
  const proof = attempts.find(({ verb, established }) => established && verb === works)
  return proof ? at(proof, `${works} in another session of the same hosts: ${ESTABLISHED}`) : null
}

function isExtended({ announcement }: DataChannel): boolean {
  return announcement?.verb === 'EPSV'
}

/** A connection blocked before the server is absent there: announced, given up, and tried again with the other verb. */
function neverArrived({ vantage }: SessionFacts, { announcement, state, transfer }: DataChannel): boolean {
  if (announcement?.notes.includes('other-family')) return false
  return state === 'not-attempted' && transfer === null && vantage.at === 'server'
}
