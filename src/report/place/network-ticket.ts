import { endpointWords } from '../../diagnose/words/ends.js'
import type { SessionFateReport, SessionPathReport, SessionReport } from '../contract.js'
import { partialEndpoint } from '../text/partial-endpoint.js'
import { count } from '../text/units.js'
import { type FateGroup, fateGroups } from './fate-groups.js'

/** Fates that a ticket names; the report has the rest. */
const NAMED = 6
/** Repeated packets of one that are named. */
const REPEATED = 4

/**
 * What became of packets between two places, for those who run what lies between: which packet entered their device,
 * when and as what, and how it left it, if it did. A sentence for each, the most telling first.
 */
export function networkTicket(path: SessionPathReport, session: SessionReport): string[] {
  const groups = fateGroups(path.fates).filter(({ kind }) => kind !== 'only-here')
  return groups.slice(0, NAMED).map((group) => sentence(group, path, session))
}

function sentence({ kind, what, fates }: FateGroup, path: SessionPathReport, session: SessionReport): string {
  const fate = fates[0]!
  const device = deviceBetween(fate, path, session)
  const here = `(#${fate.localFrame} in ${fate.file}${repeated(fates)})`
  const missing = path.places[fate.next]?.file ?? 'the other capture'
  const subject = `${subjectOf(fate)} ${concerning(fate, session)}`
  switch (kind) {
    case 'lost':
      return `${subject} entered ${device} at ${fate.time} as "${fate.packet}" ${here}, and never left it: it is not in ${missing}.`
    case 'injected':
      return `${subject} left ${device} at ${fate.time} as "${fate.packet}" ${here}, and never entered it: it is not in ${missing}.`
    default: {
      const became = spellingThere(fate, path)
      const there = fate.thereFile === null ? '' : ` (#${fate.localThere ?? '?'} in ${fate.thereFile})`
      const left = became === null ? `changed${there}: ${what}` : `left it as "${became}"${there}`
      return `${subject} entered ${device} at ${fate.time} as "${fate.packet}" ${here}, and ${left}.`
    }
  }
}

function subjectOf({ kind, sender }: SessionFateReport): string {
  if (sender === 'network') return 'An ICMP error'
  return kind === 'injected' ? `A packet in the ${sender}'s name` : `A packet of the ${sender}`
}

function repeated(fates: readonly SessionFateReport[]): string {
  const more = fates.slice(1)
  if (more.length === 0) return ''
  const named = more.slice(0, REPEATED).map(({ localFrame }) => `#${localFrame}`)
  const rest = more.length - named.length
  return `; likewise ${named.join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`
}

/** The connection, as the client's side has it. */
function concerning({ dataChannel }: SessionFateReport, { client, server, dataChannels }: SessionReport): string {
  if (dataChannel === null) return `on the control connection (${endpointWords(client)} → ${endpointWords(server)})`
  const channel = dataChannels.find(({ id }) => id === dataChannel)
  const ends = channel ? ` (${partialEndpoint(channel.from)} → ${partialEndpoint(channel.to)})` : ''
  return `on data connection ${dataChannel}${ends}`
}

/** What lies between the two places of a fate, as far as the packets show it. */
function deviceBetween(
  { place, next }: SessionFateReport,
  path: SessionPathReport,
  { middlebox }: SessionReport,
): string {
  const hop = path.hops[Math.min(place, next)]
  const [a, b] = [path.places[place], path.places[next]]
  if (hop?.relayed) return 'your proxy'
  const isTranslated = (side: 'client' | 'server'): boolean =>
    !!a?.[side] && !!b?.[side] && a[side].address !== b[side].address
  if (isTranslated('client') || isTranslated('server')) return 'your NAT'
  return middlebox === 'firewall' ? 'your firewall' : 'your network'
}

/** How the packet is spelled at the other place; `null` if the ladder does not have it. */
function spellingThere(fate: SessionFateReport, { connections }: SessionPathReport): string | null {
  const connection = connections.find(({ dataChannel }) => dataChannel === fate.dataChannel)
  const flight = connection?.packets.find(({ frames }) => frames[fate.place] === fate.frame)
  return flight?.became.at(-1)?.packet ?? null
}
