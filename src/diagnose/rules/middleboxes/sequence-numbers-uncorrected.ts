import type { Rewriting } from '../../../paths/align/alignment.js'
import type { Hop } from '../../../paths/model.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { at } from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'

export interface Uncorrected extends Fact {
  /** Later sequence numbers were left as they were, or changed by another amount. */
  kind: 'uncorrected' | 'miscorrected'
  by: 'client' | 'server'
  /** Bytes by which the message became longer; negative if it became shorter. */
  longer: number
  /** By how much later sequence numbers were changed. */
  corrected: number
  /** The captures before and after the device. */
  before: string
  after: string
  /** Messages that this was found at, including this one. */
  count: number
}

export const sequenceNumbersUncorrected = defineRule<Uncorrected>({
  id: 'sequence-numbers-uncorrected',
  title: 'FTP ALG breaks the sequence numbers',
  severity: 'error',
  side: 'path',
  level: 'cause',
  proves: 'translator',
  references: ['RFC 2663 §2.9', 'RFC 3027 §4.1', 'RFC 9293 §3.4'],
  samples: {
    reports: ['made/sequence-numbers-uncorrected.pcap', 'made/sequence-numbers-uncorrected--at-server.pcap'],
    silent: ['made/sequence-numbers-uncorrected--silent.pcap', 'made/sequence-numbers-uncorrected--at-server.pcap'],
  },

  needs: ['elsewhere'],
  *check(_, { path }) {
    const found = path ? wronglyCorrected(path) : []
    const [first] = found
    if (!path || !first) return
    const { hop, rewriting, direction } = first
    const { a, b } = hop.alignment!
    const { row, there, longer, corrected } = rewriting
    const frames = [a.log.frame(row), b.log.frame(there)] as const
    const [from, to] = direction === 0 ? frames : [frames[1], frames[0]]
    const sign = direction === 0 ? 1 : -1
    const [before, after] = [path.file(from), path.file(to)]
    const by = (direction === 0) === path.path.control.isTurned ? 'server' : 'client'
    yield {
      fact: {
        kind: corrected === 0 ? 'uncorrected' : 'miscorrected',
        by,
        longer: sign * longer,
        corrected: sign * corrected!,
        before: before.file,
        after: after.file,
        count: found.length,
      },
      confidence: 'high',
      evidence: [at({ frame: from }, 'before the device'), at({ frame: to }, `after it, of another length`)],
    }
  },

  texts: {
    message({ kind, by, longer, corrected, before, after, count }) {
      const change = `${byteCount(Math.abs(longer))} ${longer > 0 ? 'longer' : 'shorter'}`
      const rest =
        kind === 'uncorrected'
          ? 'and leaves the sequence numbers after it as they were'
          : `and changes the sequence numbers after it by ${corrected} instead of ${longer}`
      const others = count > 1 ? ` (${count} messages in total)` : ''
      return (
        `A device between ${before} and ${after} makes a message of the ${by} ${change} ${rest}${others}: ` +
        'from there on the two hosts disagree about what was sent.'
      )
    },
  },

  remedy: () => [
    'in the firewalls and NATs on the path: update the FTP ALG, or turn FTP inspection off',
    'without an ALG: let the server announce its public address, and forward a fixed passive range',
  ],
})

interface Found {
  hop: Hop
  rewriting: Rewriting
  direction: number
}

function wronglyCorrected({ path: { control } }: PathFacts): Found[] {
  return control.path.hops.flatMap((hop) =>
    (hop.alignment?.rewritings ?? [])
      .filter(({ longer, corrected }) => longer !== 0 && corrected !== null && corrected !== longer)
      .map((rewriting) => ({ hop, rewriting, direction: hop.alignment!.a.log.direction(rewriting.row) })),
  )
}
