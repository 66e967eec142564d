import { Inflate } from 'pako'
import { join } from 'node:path'
import type { ExtractedFile, FileDigests } from '../../report/extract/contract.js'
import type { FileParts } from '../../slice/files/joined-parts.js'
import { LineEnds } from '../../slice/files/line-ends.js'
import { stretchesOf } from '../../slice/files/received.js'
import { CommandError } from '../errors.js'
import { Digester, DigestWriter } from './digest-writer.js'
import type { Spool, SpooledStream } from './spool.js'

export interface ComposeOptions {
  /** Of a file as it is stored. */
  maxBytes: number
  /** Of all files. */
  maxTotal: number
  /** CR LF of text becomes LF. */
  toLocal: boolean
  /** Files are written, not only their digests computed. */
  stores: boolean
  signal: AbortSignal
}

/** A file as it will be stored, and where it is so far. */
export interface Composed
  extends Required<Pick<ExtractedFile, 'content' | 'gaps'>>, Pick<ExtractedFile, 'converted' | 'asSent'> {
  /** Path of the temporary file; `null` if nothing is stored. */
  temporary: string | null
  leftOut: number
  /** Why it was not converted; `null` if it was, or need not be. */
  problem: string | null
}

/** Without another limit, what is inflated to more is left out. */
const LARGEST_INFLATED = 2 ** 30

type Conversion = NonNullable<ExtractedFile['converted']>[number]

/** Makes files of what was spooled: parts put together, holes filled with zeros, converted. */
export class Composer {
  readonly #spool: Spool
  readonly #options: ComposeOptions
  #written = 0
  #files = 0

  constructor(spool: Spool, options: ComposeOptions) {
    this.#spool = spool
    this.#options = options
  }

  async compose(file: FileParts<SpooledStream>): Promise<Composed> {
    const [{ transferred }] = file.parts
    const { transfer, channel } = transferred
    const received = channel.content?.received
    const isDeflated = channel.mode === 'deflate'
    const isText = transfer?.representation === 'ascii' && this.#options.toLocal
    const conversions: Conversion[] = []
    if (isDeflated) conversions.push('inflated')
    if (isText && (channel.mode === 'stream' || isDeflated)) conversions.push('line-ends')
    const isDamaged = (received?.gaps.length ?? 0) > 0 || (received?.leftOut ?? 0) > 0
    if (!isDeflated || (received?.bytes ?? 0) === 0) return this.#make(file, isDeflated ? [] : conversions, null)
    if (isDamaged) return this.#make(file, [], 'not inflated, since bytes are missing')
    try {
      return await this.#make(file, conversions, null)
    } catch (error) {
      if (!(error instanceof InflateError)) throw error
      return this.#make(file, [], `not inflated: ${error.message}`)
    }
  }

  /** Whether two streams have the same bytes from `from` of the earlier one on, where both have them. */
  async haveSameBytes(earlier: SpooledStream, from: number, later: SpooledStream): Promise<boolean> {
    const length = Math.min(earlier.length - from, later.length)
    const [a, b] = [this.#bytesOf(earlier, from, from + length), this.#bytesOf(later, 0, length)]
    let [one, other] = [a.next().value, b.next().value]
    while (one && other) {
      await this.#pause()
      const common = Math.min(one.length, other.length)
      if (one.bytes && other.bytes && !one.bytes.subarray(0, common).equals(other.bytes.subarray(0, common)))
        return false
      one = one.length > common ? shortened(one, common) : a.next().value
      other = other.length > common ? shortened(other, common) : b.next().value
    }
    return true
  }

  async #make(
    file: FileParts<SpooledStream>,
    converted: readonly Conversion[],
    problem: string | null,
  ): Promise<Composed> {
    const { maxBytes, maxTotal, stores } = this.#options
    const most = Math.min(maxBytes, maxTotal - this.#written)
    const [only, ...more] = file.parts
    const stream = only.transferred.channel.content
    const asItIs =
      more.length === 0 && converted.length === 0 && stream !== null && stream.gaps.length === 0 && stream.bytes <= most
    const temporary = !stores ? null : asItIs ? stream.path : join(this.#spool.folder, `file${++this.#files}`)
    const limit = converted.includes('inflated') && most > LARGEST_INFLATED ? LARGEST_INFLATED : most
    const writer = new DigestWriter(asItIs ? null : temporary, limit)
    const sent = converted.length > 0 ? new Digester() : null
    try {
      await this.#fill(writer, sent, file, converted)
    } catch (error) {
      writer.close()
      throw error
    }
    const content: FileDigests = writer.end()
    if (asItIs && stores) this.#spool.finish(stream)
    this.#written += content.size
    const kept = only.transferred.channel.content?.leftOut ?? 0
    return {
      temporary,
      content,
      gaps: writer.gaps,
      leftOut: writer.leftOut + (more.length === 0 ? kept : 0),
      problem,
      ...(converted.length > 0 && { converted: [...converted] }),
      ...(sent && { asSent: sent.digests() }),
    }
  }

  async #fill(
    writer: DigestWriter,
    sent: Digester | null,
    { parts }: FileParts<SpooledStream>,
    converted: readonly Conversion[],
  ): Promise<void> {
    const lineEnds = converted.includes('line-ends') ? new LineEnds() : null
    const take = (bytes: Uint8Array): void => {
      writer.write(lineEnds ? lineEnds.convert(bytes) : bytes)
    }
    const inflate = converted.includes('inflated') ? inflater(take) : null
    for (const { transferred, length } of parts) {
      const stream = transferred.channel.content
      if (!stream) continue
      for (const { bytes, length: stretch, isUnknown } of this.#bytesOf(stream, 0, length)) {
        await this.#pause()
        if (bytes) {
          sent?.update(bytes)
          // A little of what is deflated can be very much.
          if (inflate && writer.leftOut === 0) inflate.push(bytes)
          else take(bytes)
        } else {
          sent?.zeros(stretch)
          if (lineEnds) writer.write(lineEnds.flush())
          writer.missing(isUnknown ? null : stretch)
        }
      }
    }
    inflate?.end()
    if (lineEnds) writer.write(lineEnds.flush())
  }

  *#bytesOf(stream: SpooledStream, from: number, to: number): Generator<Piece, undefined> {
    for (const stretch of stretchesOf(stream, from, to)) {
      if (stretch.from === null) yield { bytes: null, length: stretch.length, isUnknown: stretch.length === 0 }
      else
        for (const bytes of this.#spool.read(stream, stretch.from, stretch.length))
          yield { bytes, length: bytes.length, isUnknown: false }
    }
    return undefined
  }

  /** Lets signals through. */
  async #pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#options.signal.aborted) throw new CommandError('Interrupted: nothing was extracted')
  }
}

interface Piece {
  /** `null` for missing ones. */
  bytes: Buffer | null
  length: number
  isUnknown: boolean
}

function shortened({ bytes, length, isUnknown }: Piece, by: number): Piece {
  return { bytes: bytes && bytes.subarray(by), length: length - by, isUnknown }
}

class InflateError extends Error {
  override name = 'InflateError'
}

/** MODE Z: a zlib stream (RFC 1950) of the file. */
function inflater(take: (bytes: Uint8Array) => void): { push: (bytes: Uint8Array) => void; end: () => void } {
  const inflate = new Inflate()
  inflate.onData = take
  const check = (): void => {
    if (inflate.err) throw new InflateError(inflate.msg || `zlib error ${inflate.err}`)
  }
  let isWhole = false
  inflate.onEnd = () => {
    isWhole = true
  }
  return {
    push(bytes) {
      if (!isWhole) inflate.push(bytes, false)
      check()
    },
    end() {
      check()
      if (!isWhole) throw new InflateError('the zlib stream has no end')
    },
  }
}
