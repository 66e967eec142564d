/**
 * The whole program as a table of contents: bytes become frames, packets, connections, dialogues, sessions, findings and a report.
 *
 *     capture → wire → tcp → ftp → correlate → diagnose → report
 *                      └──────  View  ───────┘
 */
import { AnomalyLog } from './bytes/anomaly.js'
import type { Compression } from './capture/capture-file.js'
import type { Frame } from './capture/frame.js'
import { CaptureReader } from './capture/reader.js'
import { type InputBefore, overlaps } from './capture/file-series.js'
import { type Clock, timeInPause } from './capture/time.js'
import { ObservationPoint } from './correlate/observation-point.js'
import { noteSnapped, type SnappedFrames } from './diagnose/capture/snapped-frames.js'
import { type AnalyzeOptions, viewOptions } from './options.js'
import { Account, type PartEnd } from './report/summary/analysis-builder.js'
import type { Analysis } from './report/contract.js'
import { type EndedSession, endSession } from './report/describe/ended-session.js'
import { PacketDecoder } from './wire/decode.js'

/** Takes captures as chunks of bytes, one file after the other, and gives the analysis of all of them. */
export class Analyzer {
  readonly #options: AnalyzeOptions
  readonly #anomalies = new AnomalyLog()
  readonly #snapped: SnappedFrames = { count: 0, firstFrame: null }
  readonly #account: Account
  readonly #onEnded: (session: EndedSession) => void
  readonly #capture: CaptureReader
  #wire: PacketDecoder
  #view: ObservationPoint
  /** Time of the latest frame of the files before the open one. */
  #latest = -Infinity
  /** The open file has had no frame yet. */
  #fileBegins = false
  /** Prints times of what ended before the open file. */
  #clockBefore: Clock | null = null

  /** `part` is for one of several analyzers that share an input: where it begins in that, and who takes its sessions. */
  constructor(options: AnalyzeOptions = {}, part?: { before: InputBefore; onEnded: (session: EndedSession) => void }) {
    this.#options = options
    this.#account = new Account(options)
    this.#onEnded = part?.onEnded ?? this.#account.session
    this.#capture = new CaptureReader(this, this.#anomalies, part && { before: part.before })
    this.#wire = new PacketDecoder(this.#anomalies)
    this.#view = this.#newView(null)
  }

  /** Begins the next file; `path` and `compression` are only told on. */
  openFile(path: string, compression: Compression = null): void {
    this.#capture.openFile(path, compression)
    this.#fileBegins = true
  }

  /**
   * The next bytes of the open file, decompressed, in chunks of any size; `chunk` may be reused afterwards.
   * @throws CaptureFormatError when the file is no capture; another file may be opened then
   */
  push(chunk: Uint8Array): void {
    this.#capture.push(chunk)
  }

  /**
   * The open file has ended; `failure` says why its bytes end early, if they do (damaged compression, a pipe that broke).
   * @throws CaptureFormatError when the file was too short to be a capture
   */
  closeFile(failure: string | null = null): void {
    this.#capture.closeFile(failure)
    this.#latest = Math.max(this.#latest, this.#capture.files.at(-1)?.end ?? -Infinity)
    this.#clockBefore = this.#capture.clock
  }

  /** One frame, called by the capture reader: the way of every packet through the stages. */
  frame(frame: Frame): void {
    if (this.#fileBegins) this.#beginFile(frame.time)
    noteSnapped(this.#snapped, frame)
    const kind = this.#wire.decode(frame)
    this.#view.packet(kind, this.#wire.packet)
  }

  /**
   * Live input brings nothing at the moment, and it is `now` (milliseconds since 1970): hands out the sessions that are over by now.
   * Without effect on a capture of other days, however slowly that comes.
   */
  idle(now: number): void {
    const time = this.#capture.epoch && timeInPause(this.#capture.epoch, now, this.#wire.packet.time)
    if (time !== null) this.#view.idle(time)
  }

  /** The input has ended: sessions that are still open are judged as they stand. */
  end(): Analysis {
    this.#account.part(this.endPart())
    return this.#account.conclude()
  }

  /** The part has ended, likewise; an `Account` makes an analysis of all parts. */
  endPart(): PartEnd {
    this.#view.end()
    const { files, frames, epoch } = this.#capture
    const { sessions, streams } = this.#view
    return { files, frames, epoch, snapped: this.#snapped, anomalies: this.#anomalies.list(), sessions, streams }
  }

  /** A file that overlaps those before it saw the same time from elsewhere: its packets are no continuation of theirs. */
  #beginFile(time: number): void {
    if (overlaps(time, this.#latest)) {
      this.#view.end()
      this.#wire = new PacketDecoder(this.#anomalies)
      this.#view = this.#newView(this.#view)
    }
    this.#fileBegins = false
  }

  #newView(before: ObservationPoint | null): ObservationPoint {
    return new ObservationPoint(
      viewOptions(this.#options),
      this.#anomalies,
      (session) => {
        const clock = this.#fileBegins ? this.#clockBefore : this.#capture.clock
        if (clock) this.#onEnded(endSession(session, clock, this.#options.showSecrets ?? false))
      },
      before,
    )
  }
}
