import type { SessionFateReport } from '../contract.js'

/** Packets with the same fate in the same words: a SYN and its retransmissions. */
export interface FateGroup {
  kind: SessionFateReport['kind']
  what: string
  fates: SessionFateReport[]
}

/** What matters most first; within a kind, in the order of time. */
const KINDS: readonly SessionFateReport['kind'][] = ['injected', 'changed', 'lost', 'only-here']

/** Fates in groups, by kind. */
export function fateGroups(fates: readonly SessionFateReport[]): FateGroup[] {
  const groups = new Map<string, FateGroup>()
  for (const fate of fates) {
    const { kind, what, file, dataChannel } = fate
    const key = JSON.stringify([kind, what, file, dataChannel])
    const group = groups.get(key)
    if (group) group.fates.push(fate)
    else groups.set(key, { kind, what, fates: [fate] })
  }
  return [...groups.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
}

export const KIND_WORDS: Readonly<Record<SessionFateReport['kind'], string>> = {
  injected: 'injected',
  changed: 'changed',
  lost: 'lost',
  'only-here': 'one only',
}

/** Frames of a group that are named. */
const NAMED = 5

/** `client.pcap #41 #42`, `client.pcap #8 → server.pcap #9`. */
export function groupFrames({ fates }: FateGroup): string {
  const [first] = fates
  const here = fates.slice(0, NAMED).map(({ localFrame }) => `#${localFrame}`)
  const more = fates.length > NAMED ? ' …' : ''
  const { file, thereFile, localThere } = first!
  if (thereFile === null || localThere === null) return `${file} ${here.join(' ')}${more}`
  const there = fates.slice(0, NAMED).map((fate) => `#${fate.localThere ?? '?'}`)
  return `${file} ${here.join(' ')}${more} → ${thereFile} ${there.join(' ')}${more}`
}
