import type { Alignment, Rewriting } from '../../paths/align/alignment.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { Fate } from '../../paths/model.js'
import { hopLimit } from '../../paths/order.js'
import { count } from '../text/units.js'
import { changeWords } from './change-words.js'

export interface FateNames {
  /** File of each place of the path. */
  files: readonly string[]
  sender: (direction: number) => 'client' | 'server'
}

export interface FateSubject {
  packet: string
  /** The same packet at the other place. */
  became: string | null
  from: number
  to: number
  observation: Observation
  alignment: Alignment | null
}

/** What became of a packet, in one sentence. */
export function fateWords(fate: Fate, subject: FateSubject, { files, sender }: FateNames): string {
  const [here, there] = [files[subject.from]!, files[subject.to]!]
  const isIcmp = subject.observation.log.isIcmp(fate.row)
  const whose = isIcmp ? subject.packet : `${subject.packet} of the ${sender(fate.direction)}`
  switch (fate.kind) {
    case 'lost':
      if (fate.missing > 0) {
        const length = subject.observation.log.length(fate.row)
        return `${count(fate.missing)} of ${count(length)} bytes left ${here} and never reached ${there}`
      }
      return `${whose} left ${here} and never reached ${there}${unlessFiltered(fate, there)}`
    case 'injected':
      if (isIcmp) return `${subject.packet}, which ${there} never saw: sent by a device between ${there} and ${here}`
      return (
        `${subject.packet} in the ${sender(fate.direction)}'s name, which never passed ${there}: ` +
        `sent by a device between ${there} and ${here}${otherHopLimit(fate, subject)}${unlessFiltered(fate, there)}`
      )
    case 'changed':
      return changedWords(fate, subject)
    case 'only-here':
      return `${whose}: ${reasonWords(fate, there)}`
  }
}

function reasonWords({ reason }: Fate, there: string): string {
  switch (reason) {
    case 'before-start':
      return `passed before ${there} begins`
    case 'after-end':
      return `after the end of ${there}, or lost`
    case 'filtered':
      return `${there} contains nothing but control connections`
    case 'unclear':
      return `missing in ${there}, which misses other packets that passed`
    default:
      return `passed, although ${there} has it not: the capture missed it`
  }
}

function unlessFiltered({ reason }: Fate, there: string): string {
  return reason === 'filtered' ? `, unless a capture filter left only control connections in ${there}` : ''
}

function otherHopLimit({ row, direction }: Fate, { observation }: FateSubject): string {
  const usual = hopLimit(observation, direction)
  const own = observation.log.hopLimit(row)
  return usual === null || usual === own ? '' : ` (TTL ${own} instead of ${usual})`
}

function changedWords({ changes, row }: Fate, { packet, became, alignment, observation }: FateSubject): string {
  const isPayload = changes.some(({ kind }) => kind === 'payload')
  const others = changes.filter(({ kind }) => kind !== 'payload' || packet === became).map(changeWords)
  if (!isPayload) return `${packet}: ${others.join('; ')}`
  const spelled = packet === became ? [] : [`"${packet}" became "${became ?? ''}"`]
  const rewriting = alignment?.rewritings.find((each) => (alignment.a === observation ? each.row : each.there) === row)
  const mended = rewriting ? correctionWords(rewriting) : []
  return [...spelled, ...others, ...mended].join('; ')
}

function correctionWords({ longer, corrected }: Rewriting): string[] {
  if (corrected === null || longer === 0) return []
  if (corrected === longer) return ['later sequence numbers were corrected for the other length']
  if (corrected === 0) return ['later sequence numbers were not corrected for the other length']
  return [`later sequence numbers were corrected by ${Math.abs(corrected)} instead of ${Math.abs(longer)}`]
}
