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
import type { Session } from './correlate/model.js'
import { View } from './correlate/view.js'
import { CaptureTally } from './diagnose/capture-tally.js'
import { judge } from './diagnose/judge.js'
import { judgeCapture } from './diagnose/judge-capture.js'
import { type AnalyzeOptions, viewOptions } from './options.js'
import type { Analysis, SessionReport } from './report/contract.js'
import { describeSession } from './report/describe.js'
import { describeCapture } from './report/describe-capture.js'
import { redactSession } from './report/redact.js'
import { Tally } from './report/tally.js'
import { PacketDecoder } from './wire/decode.js'

/** Rotated files meet within this; one that begins earlier than that before the end of another was captured beside it. */
const OVERLAP_NS = 1e9

/** Takes captures as chunks of bytes, one file after the other, and gives the analysis of all of them. */
export class Analyzer {
  readonly #options: AnalyzeOptions
  readonly #anomalies = new AnomalyLog()
  readonly #facts = new CaptureTally()
  readonly #tally = new Tally(this.#anomalies)
  readonly #reports: SessionReport[] = []
  readonly #capture: CaptureReader
  readonly #wire: PacketDecoder
  #view: View
  /** Time of the latest frame of the files before the open one. */
  #latest = -Infinity
  #fileBegins = false

  constructor(options: AnalyzeOptions = {}) {
    this.#options = options
    this.#capture = new CaptureReader(this, this.#anomalies)
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
  }

  /** One frame, called by the capture reader: the way of every packet through the stages. */
  frame(frame: Frame): void {
    if (this.#fileBegins) this.#beginFile(frame.time)
    this.#facts.frame(frame)
    const kind = this.#wire.decode(frame)
    this.#view.packet(kind, this.#wire.packet)
  }

  /** The input has ended: sessions that are still open are judged as they stand. */
  end(): Analysis {
    this.#view.end()
    const anomalies = this.#anomalies.list()
    const findings = judgeCapture(this.#facts.facts(this.#capture.files, anomalies))
    return describeCapture(this.#capture, anomalies, this.#tally, this.#reports, findings)
  }

  /** A file that overlaps those before it saw the same time from elsewhere: its packets are no continuation of theirs. */
  #beginFile(time: number): void {
    this.#fileBegins = false
    if (time > this.#latest - OVERLAP_NS) return
    this.#view.end()
    this.#view = this.#newView(this.#view)
  }

  #newView(before: View | null): View {
    return new View(
      viewOptions(this.#options),
      this.#anomalies,
      (session) => {
        this.#conclude(session)
      },
      before,
    )
  }

  #conclude(session: Session): void {
    const { clock } = this.#capture
    if (!clock) return
    this.#facts.session(session)
    const report = describeSession(judge(session), clock)
    const shown = this.#options.showSecrets ? report : redactSession(report)
    this.#tally.session(session, shown)
    if (this.#options.onSession) this.#options.onSession(shown)
    else this.#reports.push(shown)
  }
}
