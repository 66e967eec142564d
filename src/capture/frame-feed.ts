import { byteCount } from '../bytes/byte-count.js'
import type { AnomalyLog } from '../bytes/anomaly.js'
import { decodeText } from '../bytes/text.js'
import type { CaptureComment, CaptureFailure, CaptureFile } from './capture-file.js'
import type { FrameSink } from './frame.js'
import { Frame } from './frame.js'
import { overlaps } from './file-series.js'
import { MOST_COMMENTS, MOST_FILES_FULL, MOST_LINK_TYPES, MOST_SECRETS } from './limits.js'
import { noteSnapped, type SnappedFrames } from './snapped-frames.js'
import { type Epoch, SECOND_NS } from './time.js'

/**
 * State shared by the parsers of all files: the one frame, its sink, the time of the first frame, and the record of the
 * current file. Its numbers are never null, so that the inner loops can write them without allocating.
 */
export class FrameFeed {
  readonly frame = new Frame()
  readonly anomalies: AnomalyLog
  readonly snapped: SnappedFrames = { count: 0, firstFrame: null }

  /** Time of the first frame of the input; meaningless until `hasEpoch`. */
  epochSeconds = 0
  epochNanoseconds = 0
  hasEpoch = false

  /** Times of the earliest and latest frame of the current file. */
  earliest = Infinity
  latest = -Infinity
  /** Number of the last frame before the current file. */
  framesBefore = 0
  /** Latest frame of the files that are closed. */
  latestBefore = -Infinity
  /** The current file has had no frame yet. */
  fileBegins = false
  /** The current file was captured at another place than those before. */
  beganPlace = false
  /** Place of the current file; -1 if only the times can show it. */
  #place = -1
  /** Of the last frame; `null` before any. */
  #lastPlace: number | null = null
  /** Set when the rest of the current file cannot be read. */
  stopped = false

  readonly #sink: FrameSink
  readonly #maxCommentBytes: number
  readonly #maxSecretBytes: number
  #commentBytes = 0
  #secretBytes = 0
  /** Of the files before. */
  #commentBytesBefore = 0
  #secretBytesBefore = 0

  constructor(sink: FrameSink, anomalies: AnomalyLog, maxCommentBytes: number, maxSecretBytes: number) {
    this.#sink = sink
    this.anomalies = anomalies
    this.#maxCommentBytes = maxCommentBytes
    this.#maxSecretBytes = maxSecretBytes
  }

  startFile(place = -1): void {
    this.#place = place
    this.earliest = Infinity
    this.latest = -Infinity
    this.framesBefore = this.frame.number
    this.fileBegins = true
    this.beganPlace = false
    this.stopped = false
    this.#commentBytesBefore += Math.min(this.#commentBytes, this.#maxCommentBytes)
    this.#secretBytesBefore += this.#secretBytes
    this.#commentBytes = 0
    this.#secretBytes = 0
  }

  /** Hands the frame on. */
  emit(): void {
    const { frame } = this
    if (this.fileBegins) {
      // Sessions that end here are of the files before.
      this.beganPlace = this.#isElsewhere()
      if (this.beganPlace) this.#sink.newObservationPoint?.()
      this.fileBegins = false
      this.#lastPlace = this.#place
    }
    noteSnapped(this.snapped, frame)
    this.#sink.frame(frame)
  }

  /** Whether the file that begins was captured at another place than those before. */
  #isElsewhere(): boolean {
    if (this.#place < 0) return overlaps(this.frame.time, this.latestBefore)
    return this.#lastPlace !== null && this.#lastPlace !== this.#place
  }

  setEpoch({ seconds, nanoseconds }: Epoch): void {
    this.epochSeconds = seconds
    this.epochNanoseconds = nanoseconds
    this.hasEpoch = true
  }

  /** Nanoseconds since the first frame; the first call sets the epoch. */
  timeOf(time: Epoch): number {
    if (!this.hasEpoch) this.setEpoch(time)
    return (time.seconds - this.epochSeconds) * SECOND_NS + (time.nanoseconds - this.epochNanoseconds)
  }

  /** Stops reading a file that is damaged or truncated; what was read before is kept. */
  stop(file: CaptureFile, failure: CaptureFailure): void {
    this.stopped = true
    this.markIncomplete(file, failure)
  }

  /** Only the first failure counts: the source may fail after the file was given up. */
  markIncomplete(file: CaptureFile, failure: CaptureFailure): void {
    file.failure ??= failure
    this.note('capture-incomplete-file', `${file.path}: ${failure.reason}`)
  }

  /** Records an anomaly at the last frame read. */
  note(kind: string, message: string): void {
    this.anomalies.record(kind, this.frame.number || null, () => message)
  }

  addLinkType(file: CaptureFile, linkType: number): void {
    if (file.linkTypes.length < MOST_LINK_TYPES && !file.linkTypes.includes(linkType)) file.linkTypes.push(linkType)
  }

  addComment(file: CaptureFile, frame: CaptureComment['frame'], bytes: Uint8Array): void {
    this.#commentBytes += bytes.length
    const room = MOST_FILES_FULL * this.#maxCommentBytes - this.#commentBytesBefore
    if (this.#commentBytes > Math.min(room, this.#maxCommentBytes) || file.comments.length >= MOST_COMMENTS) {
      const kept = file.comments.length
      this.note('pcapng-comments-dropped', `${file.path}: too many comments; only the first ${kept} are kept`)
    } else file.comments.push({ frame, text: decodeText(bytes) })
  }

  /** A host's name by the 4 or 16 bytes of its address. */
  addName(address: Uint8Array, name: string): void {
    this.#sink.hostName?.(address, name)
  }

  /** Whether secrets of this size can be kept; records an anomaly if not. */
  hasRoomForSecrets(file: CaptureFile, bytes: number): boolean {
    const roomOfAll = MOST_FILES_FULL * this.#maxSecretBytes - this.#secretBytesBefore
    const room = Math.min(roomOfAll, this.#maxSecretBytes) - this.#secretBytes
    if (bytes <= room && file.secrets.length < MOST_SECRETS) return true
    this.note(
      'pcapng-secrets-dropped',
      `${file.path}: decryption secrets were skipped: needed ${byteCount(bytes)}, available ${room}`,
    )
    return false
  }

  addSecrets(file: CaptureFile, type: number, bytes: Uint8Array): void {
    this.#secretBytes += bytes.length
    const secrets = { type, bytes: bytes.slice() }
    file.secrets.push(secrets)
    this.#sink.secrets?.(secrets)
  }
}
