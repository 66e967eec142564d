import { hasOffsets, lengthOf } from './received.js'
import type { Kept, Transferred } from './transferred.js'

/** A file: of one transfer, or of several of which each continues the one before. */
export interface FileParts<Content extends Kept> {
  parts: [FilePart<Content>, ...FilePart<Content>[]]
}

export interface FilePart<Content extends Kept> {
  transferred: Transferred<Content>
  /** Where in the file its first byte belongs, counted from where the file's first part begins. */
  at: number
  /** Bytes of it that are used, those of gaps included: up to where the next part begins. */
  length: number
}

/** Whether two parts have the same bytes, as far as both have them, from an offset on to the end of the earlier one. */
export type HaveSameBytes<Content extends Kept> = (
  earlier: Transferred<Content>,
  from: number,
  later: Transferred<Content>,
) => boolean | Promise<boolean>

/** Commands after which a file is another one, or may be. */
const UPLOADS = ['STOR', 'STOU', 'APPE']

/**
 * Puts transfers together that were continued: by REST, or by APPE where the offset is known, of the same path, client,
 * user and server, in the same direction. A later part has to begin inside the earlier one or where it ends, to have the
 * same bytes where they overlap, and not to contradict its size. Nothing may have been stored there in between.
 */
export async function joinParts<Content extends Kept>(
  all: readonly Transferred<Content>[],
  haveSameBytes: HaveSameBytes<Content>,
): Promise<FileParts<Content>[]> {
  const files: FileParts<Content>[] = []
  const latest = new Map<string, FileParts<Content>>()
  /** By server and path: the latest transfer that stored something there. */
  const stored = new Map<string, Transferred<Content>>()
  for (const transferred of [...all].sort((a, b) => a.frame - b.frame)) {
    const { channel, transfer, session } = transferred
    const place = placeOf(transferred)
    const length = channel.content ? lengthOf(channel.content.received) : 0
    const key =
      place === null ? null : JSON.stringify([transfer?.direction, place, session.client.address, session.user])
    const before = key === null ? undefined : latest.get(key)
    const isSame = before && isUnchanged(before, stored.get(place!))
    const at = isSame ? await continuedAt(before, transferred, haveSameBytes) : null
    if (before && at !== null) {
      const last = before.parts.at(-1)!
      last.length = at - last.at
      before.parts.push({ transferred, at, length })
    } else {
      const file: FileParts<Content> = { parts: [{ transferred, at: 0, length }] }
      files.push(file)
      if (key !== null) latest.set(key, file)
    }
    if (place !== null && transfer?.direction === 'upload') stored.set(place, transferred)
  }
  return files
}

/** Nothing was stored at its path since its latest part. */
function isUnchanged({ parts }: FileParts<Kept>, stored: Transferred | undefined): boolean {
  const last = parts.at(-1)!.transferred
  return stored === undefined || stored === last || stored.frame < last.frame
}

/** The same for transfers of the same file; `null` for what is no file, or one without a name. */
function placeOf({ transfer, path, session: { server } }: Transferred): string | null {
  if (!transfer || path === null || transfer.direction === 'listing') return null
  return JSON.stringify([server.address, server.port, transfer.absolutePath === undefined, path])
}

function canBeContinued({ transfer, channel, offset }: Transferred): boolean {
  const { content, mode, structure, undecrypted } = channel
  if (!content || undecrypted !== null || offset === null) return false
  if (transfer?.representation !== 'image' || mode !== 'stream' || structure !== 'file') return false
  return hasOffsets(content.received) && content.received.leftOut === 0
}

/** Where in the file the transfer continues it; `null` if that is not proved. */
async function continuedAt<Content extends Kept>(
  { parts }: FileParts<Content>,
  later: Transferred<Content>,
  haveSameBytes: HaveSameBytes<Content>,
): Promise<number | null> {
  const last = parts.at(-1)!
  const earlier = last.transferred
  const start = startOf(earlier, later)
  if (start === null || !canBeContinued({ ...later, offset: start }) || !canBeContinued(earlier)) return null
  const inLast = start - earlier.offset!
  const length = lengthOf(earlier.channel.content!.received)
  if (inLast <= 0 || inLast > length || contradict(earlier, later, start)) return null
  if (inLast < length && !(await haveSameBytes(earlier, inLast, later))) return null
  later.offset = start
  return last.at + inLast
}

/** Where a later transfer begins in the file on the server. */
function startOf(earlier: Transferred, later: Transferred): number | null {
  if (later.transfer?.command !== 'APPE') return later.offset !== null && later.offset > 0 ? later.offset : null
  if (later.offset !== null) return later.offset
  // After a transfer that is complete, the file ends where that ended.
  const isStored = earlier.completeness === 'complete' && UPLOADS.includes(earlier.transfer?.command ?? '')
  return isStored ? earlier.offset! + lengthOf(earlier.channel.content!.received) : null
}

/** The sizes that the server stated of the whole file differ. */
function contradict(earlier: Transferred, later: Transferred, start: number): boolean {
  const before = earlier.transfer?.expectedBytes ?? null
  const after = later.transfer?.expectedBytes ?? null
  return before !== null && after !== null && before + earlier.offset! !== after + start
}
