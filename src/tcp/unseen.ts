/** What the receiver said of the bytes that the capture lacks. */
import type { ReceiverReports, Request } from './receiver-reports.js'
import type { Sighting } from './connection.js'

/** Payload bytes that a side sent and of which the capture has nothing, as its own and its peer's numbers show. */
export interface UnseenBytes {
  /** Offset of the first. */
  start: number
  /** Number of bytes; those of several holes where there are many of the same kind. */
  bytes: number
  /** The receiver acknowledged them, cumulatively or selectively: it has them. */
  received: boolean
  /** The receiver asked for them again: its first acknowledgment that did, and how many did. */
  asked: (Sighting & { times: number }) | null
}

/** Kept of a direction. */
const MAX_UNSEEN = 8
/** Acknowledgments without SACK that show a loss (RFC 5681 §3.2): fewer are repeated for other reasons as well. */
const DUPLICATES = 3

/** Bytes from `start` up to `end` that were not captured. */
export interface Hole {
  start: number
  end: number
}

export interface Acknowledgments {
  /** Offset up to which the receiver has acknowledged. */
  acknowledged: number
  /** `null` where it has only acknowledged in order. */
  reports: ReceiverReports | null
  /** Length of the largest segment: as much is asked for where only the first byte is known. */
  segment: number
  /** Both ends agreed on SACK (RFC 2018 §2): whoever lacks bytes names what it has. */
  sack: boolean
  /** What is answered sooner was overtaken, not lost (ns). */
  reordering: number
  /** Time of the last packet. */
  end: number
}

/** The holes of a direction, cut where what the receiver said of them differs; ascending, the first of each kind. */
export function unseenBytes(holes: readonly Hole[], acknowledgments: Acknowledgments): UnseenBytes[] {
  const { acknowledged, reports } = acknowledgments
  const requests = lossesIn(acknowledgments)
  const received = reports?.received ?? []
  const unseen: UnseenBytes[] = []
  const offsets = [acknowledged, ...received, ...requests.flatMap(({ start, end }) => [start, end])].sort(byNumber)
  let next = 0
  for (const hole of holes) {
    while (next < offsets.length && offsets[next]! <= hole.start) next++
    const cuts = [hole.start]
    for (; next < offsets.length && offsets[next]! < hole.end; next++)
      if (offsets[next]! > cuts.at(-1)!) cuts.push(offsets[next]!)
    cuts.push(hole.end)
    for (let at = 0; at + 1 < cuts.length; at++) {
      const [start, end] = [cuts[at]!, cuts[at + 1]!]
      const has = end <= acknowledged || coversByte(received, start)
      const request = requests.find((each) => each.start <= start && end <= each.end)
      add(unseen, {
        start,
        bytes: end - start,
        received: has,
        asked: request ? { frame: request.frame, time: request.time, times: request.times } : null,
      })
    }
  }
  return unseen
}

const byNumber = (a: number, b: number): number => a - b

function coversByte(ranges: readonly number[], offset: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (ranges[i]! <= offset && offset < ranges[i + 1]!) return true
  return false
}

/** What the receiver asked for because it was lost. */
function lossesIn(acknowledgments: Acknowledgments): Request[] {
  const { reports, segment } = acknowledgments
  return (reports?.requests ?? [])
    .filter((request) => isLoss(request, acknowledgments))
    .map((request) => ({ ...request, end: Math.max(request.end, request.start + segment) }))
}

/** Bytes that were only overtaken arrive before they can have been sent again. */
function isLoss(request: Request, { sack, reordering, end }: Acknowledgments): boolean {
  const { time, times, selective, answeredAt } = request
  if (!selective && (sack || times < DUPLICATES)) return false
  if (answeredAt < 0) return times >= DUPLICATES || end - time >= reordering
  return answeredAt - time >= reordering
}

function add(unseen: UnseenBytes[], next: UnseenBytes): void {
  const isSame = (other: UnseenBytes) =>
    other.received === next.received && (other.asked === null) === (next.asked === null)
  const last = unseen.at(-1)
  const adjacent = last !== undefined && isSame(last) && last.start + last.bytes === next.start
  const same = adjacent ? last : unseen.length < MAX_UNSEEN ? undefined : unseen.findLast(isSame)
  if (same) same.bytes += next.bytes
  else unseen.push(next)
}
