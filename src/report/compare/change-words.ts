import { optionNames } from '../../paths/digest/options-digest.js'
import type { Change, SteadyChange } from '../../paths/model.js'
import type { Path } from '../../paths/model.js'
import { endpointWords } from '../../diagnose/words/ends.js'
import { count } from '../text/units.js'

/**
 * A change of all packets, in words; `between` are the observations of the hop, `sender` who sends in its direction.
 */
export function steadyWords(change: SteadyChange, path: Path, hop: number, sender: string): string {
  const [a, b] = [path.observations[hop]!, path.observations[hop + 1]!]
  const [from, to] = [endpointWords(a.sender(change.direction)), endpointWords(b.sender(change.direction))]
  switch (change.kind) {
    case 'address':
      return `${sender}: ${from} is ${to}`
    case 'sequence-numbers':
      return `sequence numbers of the ${sender}: shifted by ${count(change.after >>> 0)}`
    case 'mss':
      return `MSS announced by the ${sender}: ${change.before} becomes ${change.after}`
    case 'options':
      return `TCP options of the ${sender}: ${optionWords(change)}`
    case 'window':
      return `window of the ${sender}: ${count(change.before)} becomes ${count(change.after)} in the first packet`
    case 'timestamps':
      return `TCP timestamps of the ${sender}: rewritten`
    case 'identification':
      return `IP identifications of the ${sender}: rewritten`
  }
}

/** A change of one packet. */
export function changeWords({ kind, before, after }: Change): string {
  switch (kind) {
    case 'payload':
      return before === after ? 'other bytes of the same length' : `${count(before)} bytes became ${count(after)}`
    case 'mss':
      return `MSS ${before} became ${after}`
    case 'options':
      return `options: ${optionWords({ before, after })}`
    case 'window':
      return `window ${count(before)} became ${count(after)}`
    case 'acknowledgment':
      return `acknowledgment ${count(before)} became ${count(after)}`
    case 'hop-limit':
      return `TTL ${before} became ${after}, unlike other packets`
    case 'timestamps':
      return 'other timestamps'
    case 'identification':
      return `IP identification ${before} became ${after}`
  }
}

function optionWords({ before, after }: { before: number; after: number }): string {
  const removed = optionNames(before & ~after)
  const added = optionNames(after & ~before)
  const parts = [
    removed.length > 0 ? `${removed.join(', ')} removed` : '',
    added.length > 0 ? `${added.join(', ')} added` : '',
  ]
  return parts.filter((part) => part !== '').join('; ')
}
