import type { Observation } from '../../../paths/digest/observation.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { at } from '../../words/evidence.js'

/** Packets of a direction that show that it is there, or that it passes elsewhere. */
const FEW = 4

export interface AsymmetricRoute extends Fact {
  kind: 'asymmetric'
  /** Whose packets pass the place, and whose do not. */
  passing: 'client' | 'server'
  missing: 'client' | 'server'
  /** The place, and how many packets of the passing side it saw. */
  file: string
  packets: number
}

export const asymmetricRoute = defineRule<AsymmetricRoute>({
  id: 'asymmetric-route',
  title: 'one direction takes another route',
  severity: 'info',
  side: 'path',
  level: 'remark',
  references: ['RFC 2979 (firewalls)', 'RFC 3234 (middleboxes)'],
  samples: {
    reports: ['client', 'middle', 'server'].map((place) => `made/asymmetric-route--at-${place}.pcap`),
    silent: ['client', 'both-ways', 'server'].map((place) => `made/asymmetric-route--at-${place}.pcap`),
  },

  needs: ['elsewhere'],
  *check(_, { path }) {
    const found = path && oneWayPlace(path)
    if (!found) return
    const { observation, direction, beyond } = found
    const isFromClient = (direction === 0) !== path.path.control.isTurned
    const [passing, missing] = isFromClient ? (['client', 'server'] as const) : (['server', 'client'] as const)
    const first = firstOf(observation, direction)
    yield {
      fact: {
        kind: 'asymmetric',
        passing,
        missing,
        file: path.file(first).file,
        packets: countOf(observation, direction),
      },
      confidence: 'medium',
      harmless: true,
      rivals: ['capture-one-sided'],
      evidence: [
        at({ frame: first }, `from the ${passing}`),
        at({ frame: firstOf(beyond, 1 - direction) }, `from the ${missing}, and not there`),
      ],
    }
  },

  texts: {
    message({ passing, missing, file, packets }) {
      return (
        `${packets} packets of the ${passing} pass ${file} and none of the ${missing}, although both ends have them: ` +
        `the ${missing}'s packets take another route, or the capture there copies one direction only.`
      )
    },
  },

  remedy: () => [
    'on the path: send both directions through the same firewall; one that sees half of a connection drops the rest',
    'of a mirror port: copy both directions',
  ],
})

interface OneWay {
  observation: Observation
  /** Of the packets that pass. */
  direction: number
  /** At an end, with both directions. */
  beyond: Observation
}

/** A place between two others that saw one direction of the control connection only. */
function oneWayPlace({ path: { control } }: PathFacts): OneWay | null {
  const { observations } = control.path
  const [first, last] = [observations[0]!, observations.at(-1)!]
  if (![first, last].every((end) => countOf(end, 0) >= FEW && countOf(end, 1) >= FEW)) return null
  for (const observation of observations.slice(1, -1)) {
    for (const direction of [0, 1]) {
      if (countOf(observation, direction) >= FEW && countOf(observation, 1 - direction) === 0)
        return { observation, direction, beyond: direction === 0 ? first : last }
    }
  }
  return null
}

function countOf({ log }: Observation, direction: number): number {
  let count = 0
  for (let row = 0; row < log.size; row++) if (!log.isIcmp(row) && log.direction(row) === direction) count++
  return count
}

function firstOf({ log }: Observation, direction: number): number {
  for (let row = 0; row < log.size; row++)
    if (!log.isIcmp(row) && log.direction(row) === direction) return log.frame(row)
  return log.frame(0)
}
