import { finalReply } from '../../../ftp/model.js'
import { defineRule } from '../../rule.js'
import { commandWords, type CommandFact, commandFact } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'
import { type Refusal, refusalMessage, refusalOf, refusalSteps, refusalWhy } from '../refusal.js'

export interface RefusedTransfer extends Refusal {
  /** A listing that had succeeded before this one was refused; `null` if there was none. */
  listing: { command: CommandFact; bytes: number } | null
}

export const transferRefused = defineRule<RefusedTransfer>({
  id: 'transfer-refused',
  title: 'server refused the transfer',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  references: ['RFC 959 §4.2.2 (450, 550, 553)', 'RFC 959 §5.4'],
  samples: { reports: 'made/transfer-refused.pcap', silent: 'made/transfer-refused--silent.pcap' },
  needs: ['refusal'],

  *check({ channels }, facts) {
    const wanted = new Set(facts.wishes.refused.map(({ exchange }) => exchange))
    let listing: RefusedTransfer['listing'] = null
    for (const channel of channels) {
      const { transfer } = channel
      if (transfer?.outcome === 'completed' && transfer.command.direction === 'listing')
        listing = { command: commandFact(transfer.command.exchange), bytes: transfer.bytes ?? 0 }
      const madeGood = facts.madeGood(channel)
      if (transfer ? transfer.outcome !== 'refused' : madeGood) continue
      const refused = transfer ? transfer.command.exchange : facts.discouragement(channel)
      const reply = refused && finalReply(refused)
      if (!refused || !reply || reply.code === 530) continue
      const settled = madeGood || !wanted.has(refused)
      const observation = refusalOf(transfer ? 'transfer' : 'question', facts, refused, reply, settled)
      const before = transfer?.command.direction === 'listing' ? listing : null
      yield { ...observation, fact: { ...observation.fact, listing: before }, channel }
    }
  },

  texts: {
    why: refusalWhy,
    message(fact) {
      const { listing } = fact
      if (listing === null) return refusalMessage(fact)
      const empty = listing.bytes === 0 ? ': the directory is empty' : ''
      const before = `"${commandWords(listing.command)}" had succeeded with ${byteCount(listing.bytes)}${empty}.`
      return `${refusalMessage(fact)} ${before}`
    },
  },
  remedy(fact, context) {
    const { listing, settled, reason } = fact
    if (settled && listing && reason.kind === 'list-options')
      return [
        'in the client: accept an empty MLSD, and list without options (-a, -l), which this server takes for a name',
      ]
    return refusalSteps(fact, context)
  },
})
