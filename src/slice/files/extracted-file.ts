import type { Completeness, ExtractedFile, ExtractedPart } from '../../report/extract/contract.js'
import type { FileParts } from './joined-parts.js'
import type { Kept, Transferred } from './transferred.js'

const USUAL_PORTS = [21, 990]

/** Where a file is stored: folders that it cannot leave, and a path below them. */
export function placeOf({ transfer, session, path, offset, channel }: Transferred): {
  folders: string[]
  path: string
} {
  const { address, port } = session.server
  const host = USUAL_PORTS.includes(port) ? address : `${address}_${port}`
  if (transfer === null) return { folders: ['unknown', host], path: `/connection-${channel.firstFrame}` }
  if (transfer.direction === 'listing')
    return { folders: ['listings', host], path: `${path ?? ''}/${transfer.command}.txt` }
  const name = path ?? `/${transfer.command}`
  const suffix = offset === 0 ? '' : offset === null ? '.appended' : `.from-${offset}`
  return { folders: [host], path: withoutSlashes(name) + suffix }
}

/** A suffix belongs to the name, not behind it. */
function withoutSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** The entry of a file in the manifest, as far as it is known before it is written. */
export function describeFile({
  parts,
}: FileParts<Kept>): Omit<ExtractedFile, 'stored' | 'content' | 'gaps' | 'converted' | 'asSent' | 'leftOut'> {
  const [{ transferred: first }] = parts
  const last = parts.at(-1)!.transferred
  const { session, transfer, channel, frame, offset } = first
  const { client, server, user } = session
  const mode = channel.mode
  return {
    session: session.id,
    frame,
    start: transfer?.start ?? session.start,
    client,
    server,
    user,
    command: transfer?.command ?? null,
    path: transfer?.path ?? channel.chosenName,
    ...(transfer?.absolutePath !== undefined && { absolutePath: transfer.absolutePath }),
    direction: transfer?.direction ?? null,
    representation: transfer?.representation ?? null,
    ...(mode !== 'stream' && { mode }),
    offset,
    expectedSize: expectedSize(first, last),
    ...judged(parts.map((part) => part.transferred)),
    ...(parts.length > 1 && { parts: parts.map(describePart) }),
  }
}

/** From where the first transfer begins to the end of the last. */
function expectedSize(first: Transferred, last: Transferred): number | null {
  const rest = last.transfer?.expectedBytes ?? null
  if (first === last || rest === null || first.offset === null || last.offset === null) return rest
  return last.offset - first.offset + rest
}

function describePart({ transferred, at, length }: FileParts<Kept>['parts'][number]): ExtractedPart {
  const { session, frame, transfer } = transferred
  return { session: session.id, frame, command: transfer!.command, offset: at, size: length }
}

/** Of what is used of the parts: that a transfer was broken off is mended by the one that continues it. */
function judged(parts: readonly Transferred[]): { completeness: Completeness; because: string[] } {
  const last = parts.at(-1)!
  const { completeness, because } = last
  if (parts.length === 1) return { completeness, because }
  const how = `put together from ${parts.length} transfers`
  return { completeness, because: [how, ...because] }
}
