/**
 * The whole program as a table of contents. Bytes are pushed in and pass through these stages, one folder each:
 *     capture/     bytes → frames
 *     wire/        decode: frame → packet
 *     tcp/         follow: packets → connections and their bytes in order
 *     tls/, ftp/   decrypt, read: bytes of a control connection → dialogue
 *     correlate/   correlate: dialogue, data connections → session
 *     ftp/secrets/ hide: session → session without secrets
 *     diagnose/    judge: session → findings and verdict
 *     report/      describe, report: judged sessions → analysis
 */
import { AnomalyLog } from './bytes/anomaly.js'
import type { CaptureSecrets, Compression } from './capture/capture-file.js'
import type { Frame, FrameSink } from './capture/frame.js'
import { InputFiles } from './capture/input-files.js'
import type { InputContext, InputPlan } from './capture/input-plan.js'
import { CaptureReader } from './capture/reader.js'
import { timeInPause } from './capture/time.js'
import { type ObservationOptions, ObservationPoint } from './correlate/observation-point.js'
import { type AnalyzerOptions, holdsPlaces, observationOptions } from './options.js'
import type { Analysis } from './report/contract.js'
import type { SessionSink } from './report/session-sink.js'
import { AnalysisBuilder, type EndedSession, type PartEnd } from './report/summary/analysis-builder.js'
import { SessionEnd } from './session-end.js'
import { TlsSecrets } from './tls-secrets.js'
import { PacketDecoder } from './wire/decode.js'

/** Takes a part of an input, files that follow each other in time, and passes on its sessions as they end. */
export class PartAnalyzer implements FrameSink {
  readonly #anomalies = new AnomalyLog()
  readonly #reader: CaptureReader
  readonly #files: InputFiles
  #decoder = new PacketDecoder(this.#anomalies)
  readonly #tls: TlsSecrets
  readonly #observation: ObservationOptions
  #point: ObservationPoint
  /** Hides, judges and describes: at once, or when all places have been read. */
  readonly #end: SessionEnd

  constructor(options: AnalyzerOptions, onEnded: (session: EndedSession) => void, { before, plan }: InputContext = {}) {
    const [anomalies, severalPlaces] = [this.#anomalies, holdsPlaces(options, plan)]
    this.#reader = new CaptureReader(this, anomalies, { ...(before && { before }), severalPlaces })
    this.#files = new InputFiles(this.#reader.files, plan, before?.frames)
    this.#tls = new TlsSecrets(options, anomalies, () => this.#reader.mayHaveSecrets, before)
    this.#observation = observationOptions(options, this.#tls.decryptor, this.#tls.content)
    const known = { plan, files: this.#files, roles: this.#observation.connections, anomalies }
    this.#end = new SessionEnd(options, { ...known, clock: () => this.#reader.clock, onEnded })
    this.#point = new ObservationPoint(this.#observation, anomalies, this.#end.session, null)
  }

  /** Begins the next file; `path` and `compression` are only passed on, `place` is as in `CaptureReader`. */
  openFile(path: string, compression: Compression = null, place = this.#files.placeOf(path)): void {
    this.#reader.openFile(path, compression, place)
    this.#point.beginFile()
  }

  /**
   * The next bytes of the open file, decompressed, in chunks of any size; `chunk` may be reused afterwards.
   * @throws CaptureFormatError when the file is not a capture; another file may be opened then
   */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk)
  }

  /**
   * The open file has ended; `failure` says why its bytes end early, if they do (corrupt compression, a broken pipe).
   * @throws CaptureFormatError when the file was too short to be a capture
   */
  closeFile(failure: string | null = null): void {
    this.#reader.closeFile(failure)
  }

  /** The reader has read a frame: decode, then follow, read and correlate. */
  frame(frame: Frame): void {
    const kind = this.#decoder.decode(frame)
    this.#point.packet(kind, this.#decoder.packet)
    this.#end.packet(kind, this.#decoder.packet)
  }

  secrets(secrets: CaptureSecrets): void {
    this.#tls.add(secrets)
  }

  /** A name record of the capture, by the bytes of the address. */
  hostName(address: Uint8Array, name: string): void {
    this.#end.names.add(address, name)
  }

  /** The following packets were captured elsewhere: they do not continue those before. */
  newObservationPoint(): void {
    this.#point.end()
    this.#end.beginPlace(this.#reader.files.length - 1, this.#point.streams)
    this.#decoder = new PacketDecoder(this.#anomalies)
    this.#point = new ObservationPoint(this.#observation, this.#anomalies, this.#end.session, this.#point)
  }

  /** Live input pauses at `now` (ms since 1970): passes on sessions that are over. No effect on older captures. */
  idle(now: number): void {
    const time = this.#reader.epoch && timeInPause(this.#reader.epoch, now, this.#decoder.packet.time)
    if (time !== null) this.#point.idle(time)
  }

  /** The part has ended: sessions that are still open are judged as they stand. */
  endPart(): PartEnd {
    this.#point.end()
    const places = this.#end.end()
    const { files, frames, epoch, snapped } = this.#reader
    const { sessions, streams, activities, seen } = this.#point
    const told = { anomalies: this.#anomalies.list(), tls: this.#tls.use, names: this.#end.names.recorded }
    return { files, frames, epoch, snapped, sessions, streams, activities, seen, places, ...told }
  }
}

/** Takes captures as chunks of bytes, one file after the other, and returns the analysis of all of them. */
export class Analyzer extends PartAnalyzer {
  readonly #builder: AnalysisBuilder

  /** A sink takes the sessions as they end; without one, the analysis contains them. */
  constructor(options: AnalyzerOptions = {}, sink: SessionSink | null = null, plan?: InputPlan) {
    const builder = new AnalysisBuilder(sink, { ...options, plan })
    super(options, builder.session, plan && { plan })
    this.#builder = builder
  }

  end(): Analysis {
    this.#builder.part(this.endPart())
    return this.#builder.finish()
  }
}
