/**
 * The whole program as a table of contents: bytes become frames, packets, connections, dialogues, sessions, findings and a report.
 *
 *     capture → wire → tcp → ftp → correlate → diagnose → report
 */
import { AnomalyLog } from './bytes/anomaly.js'
import type { Compression } from './capture/capture-file.js'
import type { Frame } from './capture/frame.js'
import { CaptureReader } from './capture/reader.js'
import type { Session } from './correlate/model.js'
import { SessionTracker } from './correlate/session-tracker.js'
import { CaptureTally } from './diagnose/capture-tally.js'
import { judge } from './diagnose/judge.js'
import { judgeCapture } from './diagnose/judge-capture.js'
import { type AnalyzeOptions, trackerOptions } from './options.js'
import type { Analysis, SessionReport } from './report/contract.js'
import { describeSession } from './report/describe.js'
import { describeCapture } from './report/describe-capture.js'
import { redactSession } from './report/redact.js'
import { Tally } from './report/tally.js'
import { ConnectionTracker } from './tcp/connection-tracker.js'
import { PacketKind } from './wire/packet.js'
import { PacketDecoder } from './wire/decode.js'

/** Takes captures as chunks of bytes, one file after the other, and gives the analysis of all of them. */
export class Analyzer {
  readonly #options: AnalyzeOptions
  readonly #anomalies = new AnomalyLog()
  readonly #facts = new CaptureTally()
  readonly #tally = new Tally()
  readonly #reports: SessionReport[] = []
  readonly #capture: CaptureReader
  readonly #wire: PacketDecoder
  readonly #tcp: ConnectionTracker
  readonly #sessions: SessionTracker

  constructor(options: AnalyzeOptions = {}) {
    const { sessions, connections } = trackerOptions(options)
    this.#options = options
    this.#capture = new CaptureReader(this, this.#anomalies)
    this.#wire = new PacketDecoder(this.#anomalies)
    this.#sessions = new SessionTracker(sessions, this.#anomalies, (session) => {
      this.#conclude(session)
    })
    this.#tcp = new ConnectionTracker(this.#sessions, this.#anomalies, connections)
    this.#sessions.attach(this.#tcp)
  }

  /** Begins the next file; `path` and `compression` are only told on. */
  openFile(path: string, compression: Compression = null): void {
    this.#capture.openFile(path, compression)
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
  }

  /** One frame, called by the capture reader: the way of every packet through the stages. */
  frame(frame: Frame): void {
    this.#facts.frame(frame)
    this.#sessions.tick(frame.time)
    const kind = this.#wire.decode(frame)
    if (kind === PacketKind.Tcp) this.#tcp.segment(this.#wire.packet)
    else if (kind === PacketKind.IcmpError) this.#tcp.icmpError(this.#wire.packet)
    else this.#sessions.noteOtherTraffic()
  }

  /** The input has ended: sessions that are still open are judged as they stand. */
  end(): Analysis {
    this.#tcp.end()
    const anomalies = this.#anomalies.list()
    const findings = judgeCapture(this.#facts.facts(this.#capture.files, anomalies))
    return describeCapture(this.#capture, anomalies, this.#tally, this.#reports, findings)
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

/**
 * Analyses one capture given as chunks.
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function analyze(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: AnalyzeOptions & { path?: string } = {},
): Promise<Analysis> {
  const analyzer = new Analyzer(options)
  analyzer.openFile(options.path ?? '-')
  for await (const chunk of chunks) analyzer.push(chunk)
  analyzer.closeFile()
  return analyzer.end()
}
