import { Direction, type Endpoint } from '../../../tcp/connection.js'
import type { ConnectionPath } from '../../../correlate/session-path.js'
import type { Alignment } from '../../../paths/align/alignment.js'
import { mappedAnew } from '../../../paths/fates/mapped-anew.js'
import { bothWays, type OneWay } from '../../../paths/fates/one-way.js'
import { sequenceLength } from '../../../paths/digest/rows.js'
import type { Fate } from '../../../paths/model.js'
import type { PathFacts } from '../../facts/path-facts.js'
import { hasMissed } from '../../places/whereabouts.js'
import { defineRule, type Fact, type Side } from '../../rule.js'
import { at, endpointText } from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'

/** Translators that forget an established connection sooner are not known. */
const SHORTEST_TIMER_NS = 20e9

export interface MappingExpired extends Fact {
  /** What became of the next packet: it never left the translator, or left it from another port. */
  kind: 'dropped' | 'mapped-anew'
  connection: 'control' | 'data'
  /** The address and port that the translator changes, and what it made of them, as text. */
  inside: string
  outside: string
  /** What it made of them after the silence; `null` where the packet never left it. */
  anew: string | null
  silenceNs: number
  sender: 'client' | 'server'
  /** How often the packet was sent. */
  attempts: number
  /** The captures on both sides of the translator, from the sender's on. */
  from: string
  to: string
}

export const translatorMappingExpired = defineRule<MappingExpired>({
  id: 'translator-mapping-expired',
  title: 'translator forgets the mapping of an idle connection',
  severity: 'error',
  side: 'path',
  level: 'cause',
  explains: ['capture-ends-inside', 'control-idle-dropped', 'transfer-unconfirmed', 'control-reset'],
  proves: 'translator',
  tellsWhere: ({ kind }) => kind === 'mapped-anew',
  references: ['RFC 5382 §5 REQ-5 (idle timeout of 2 hours 4 minutes)', 'RFC 2663 §2.6 (end of a mapping)'],
  samples: {
    reports: ['made/translator-mapping-expired.pcap', 'made/translator-mapping-expired--at-server.pcap'],
    silent: ['made/translator-mapping-expired--silent.pcap', 'made/translator-mapping-expired--at-server.pcap'],
  },

  needs: ['elsewhere'],
  *check(_, { path }) {
    for (const connection of path?.connections ?? []) {
      const found = expiredOn(connection, path!)
      if (!found) continue
      const { way, row, before, silenceNs, attempts, anew } = found
      const { up, down } = way
      const [from, to] = [up, down].map(({ place }) => path!.places.find((each) => each.place === place)!.file)
      const changed = changedEnd(way)
      const isFromClient = (way.direction === Direction.FromInitiator) !== connection.isTurned
      const { channel } = connection
      const [inside, outside] = isSenders(way, changed) ? [up, down] : [down, up]
      yield {
        fact: {
          kind: anew ? 'mapped-anew' : 'dropped',
          connection: channel ? 'data' : 'control',
          inside: textOf(inside.sender(changed)),
          outside: textOf(outside.sender(changed)),
          anew: anew ? textOf(anew.port) : null,
          silenceNs,
          sender: isFromClient ? 'client' : 'server',
          attempts,
          from: from!,
          to: to!,
        },
        side: sideOf(changed, connection),
        confidence: anew || attempts > 1 ? 'high' : 'medium',
        evidence: [
          at({ frame: up.log.frame(row) }, `the first packet after ${seconds(silenceNs)} of silence`),
          at({ frame: up.log.frame(before) }, 'the last packet that passed before the silence'),
          ...(anew ? [at({ frame: anew.frame }, `the same packet, from ${textOf(anew.port)}`)] : []),
        ],
        // What passed the translator after that shows that the path was not cut.
        rivals: anew || path!.path.passedAfter(up.log.time(row), up.place, down.place) ? [] : ['path-outage'],
        ...(channel && { channel }),
      }
    }
  },

  texts: {
    message({ kind, connection, inside, outside, anew, silenceNs, sender, attempts, from, to }) {
      const idle = `The ${connection} connection was silent for ${seconds(silenceNs)}`
      const mapping = `the translator between ${from} and ${to} had shown ${inside} as ${outside} until then`
      const next =
        kind === 'dropped'
          ? `what the ${sender} sent next, ${times(attempts)}, entered it and never left it`
          : `what the ${sender} sent next left it as ${anew!}, which the other end does not know`
      return `${idle}; ${mapping}, and ${next}: it had forgotten the mapping.`
    },
  },

  remedy: ({ connection }) => [
    'on the translator: set the idle timer of TCP mappings to at least 2 hours 4 minutes (Linux: ' +
      'net.netfilter.nf_conntrack_tcp_timeout_established; Cisco IOS: ip nat translation tcp-timeout; ' +
      'cloud NAT gateways: idle timeout)',
    'in the client: enable TCP keepalive with an interval below that timer (curl --keepalive-time 30; Linux: ' +
      'net.ipv4.tcp_keepalive_time)',
    ...(connection === 'control' ? ['or send NOOP during transfers if the server allows it'] : []),
  ],
})

interface Expired {
  way: OneWay
  /** Row of the packet at the place that it passed first, and of the last one there that passed the translator. */
  row: number
  before: number
  silenceNs: number
  attempts: number
  /** The same packet with another port, and its frame. */
  anew: { port: Endpoint; frame: number } | null
}

function expiredOn(connection: ConnectionPath, path: PathFacts): Expired | null {
  const { fates, hops } = connection.path
  for (const fate of fates) {
    if (fate.kind !== 'lost' || fate.next < 0 || fate.missing > 0) continue
    const hop = hops[Math.min(fate.at, fate.next)]
    if (!hop?.alignment || !hop.steady.some(({ kind }) => kind === 'address')) continue
    const found = expiredAt(fate, hop.alignment, fates)
    const stray = found && mappedAnew(found.way, found.row, path.path.strays)
    const anew = stray && { port: stray.port, frame: stray.observation.log.frame(stray.row) }
    if (!found || (!anew && hasMissed(path, path.nextSlot(fate, connection)))) continue
    return { ...found, anew }
  }
  return null
}

/** A packet that was lost after a silence, as all that its host sent after it. */
function expiredAt(fate: Fate, alignment: Alignment, fates: readonly Fate[]): Omit<Expired, 'anew'> | null {
  const way = bothWays(alignment)[fate.direction]
  const { log } = way.up
  if (log.isIcmp(fate.row) || sequenceLength(log, fate.row) === 0) return null
  let before = -1
  let attempts = 0
  for (let row = 0; row < log.size; row++) {
    const passed = way.partnersOfUp[row]! >= 0
    if (row < fate.row && passed) before = row
    else if (row > fate.row && passed && log.direction(row) === fate.direction) return null
    if (row >= fate.row && log.direction(row) === fate.direction && log.sequence(row) === log.sequence(fate.row))
      attempts++
  }
  if (before < 0) return null
  const isFirst = fates.every(({ kind, at, row }) => kind !== 'lost' || at !== fate.at || row >= fate.row)
  const silenceNs = log.time(fate.row) - log.time(before)
  if (!isFirst || silenceNs < SHORTEST_TIMER_NS) return null
  return { way, row: fate.row, before, silenceNs, attempts }
}

/** The end whose address or port the translator changes. */
function changedEnd({ up, down }: OneWay): Direction {
  const [one, other] = [up, down].map((each) => textOf(each.sender(Direction.FromInitiator)))
  return one === other ? Direction.FromResponder : Direction.FromInitiator
}

/** Whether the sender's side is the inside, where the end has its own address. */
function isSenders({ direction }: OneWay, changed: Direction): boolean {
  return direction === changed
}

function sideOf(changed: Direction, { isTurned }: ConnectionPath): Side {
  return (changed === Direction.FromInitiator) === isTurned ? 'server-network' : 'client-network'
}

function textOf({ address, port }: Endpoint): string {
  return endpointText(address, port)
}
