import { type Anomaly, AnomalyLog, joinAnomalies } from '../../bytes/anomaly.js'
import type { CaptureFile } from '../../capture/capture-file.js'
import { Clock, type Epoch } from '../../capture/time.js'
import { CaptureTally } from '../../diagnose/capture/capture-tally.js'
import { judgeCapture } from '../../diagnose/capture/judge-capture.js'
import { joinSnapped, type SnappedFrames } from '../../diagnose/capture/snapped-frames.js'
import type { Analysis, SessionReport } from '../contract.js'
import { describeCapture } from '../describe/describe-capture.js'
import { type EndedSession, renumbered } from '../describe/ended-session.js'
import { Tally } from './tally.js'

/** What a part of an input comes to beside its sessions: plain values, so that threads can hand them on. */
export interface PartEnd {
  files: readonly CaptureFile[]
  /** Time of the first frame of the whole input. */
  epoch: Epoch | null
  /** Number of the last frame; numbers go on over the parts. */
  frames: number
  snapped: SnappedFrames
  anomalies: readonly Anomaly[]
  /** Sessions and connections that were numbered in it, each from where it began. */
  sessions: number
  streams: number
}

/** For sessions that are handed on as they end. */
export interface Handover {
  /** Given each session as it ends; the analysis then holds none, and memory does not grow with their number. */
  onSession?: (session: SessionReport) => void
  /**
   * For `onSession`: the id under which a session is shown, which the summary then names, asked when the last was handed out. Sessions are
   * numbered as they begin, those found by their content when they are found; an analysis that holds them numbers them by first frame.
   */
  idOf?: (id: number) => number
}

/**
 * Adds up an input. Sessions come in the order in which they end, part after part; a part is a series of files that can be analysed
 * by itself. An input analysed in parts comes to the same as in one.
 */
export class Account {
  readonly #onSession: ((session: SessionReport) => void) | null
  readonly #idOf: ((id: number) => number) | null
  readonly #anomalies = new AnomalyLog()
  readonly #facts = new CaptureTally()
  readonly #tally = new Tally(this.#anomalies)
  readonly #reports: SessionReport[] = []
  readonly #parts: PartEnd[] = []
  #sessions = 0
  #streams = 0

  /** With `onSession` sessions are handed on and not kept. */
  constructor({ onSession, idOf }: Handover) {
    this.#onSession = onSession ?? null
    this.#idOf = idOf ?? null
  }

  /** A session of the part that ends next; a function of its own, to be handed on. */
  readonly session = (ended: EndedSession): void => {
    const { report, totals: traits } =
      this.#parts.length === 0 ? ended : renumbered(ended, this.#sessions, this.#streams)
    this.#facts.session(traits)
    this.#tally.session(report, traits)
    if (this.#onSession) this.#onSession(report)
    else this.#reports.push(report)
  }

  part(part: PartEnd): void {
    this.#parts.push(part)
    this.#sessions += part.sessions
    this.#streams += part.streams
  }

  conclude(): Analysis {
    const parts = this.#parts
    const files = parts.flatMap((part) => part.files)
    const anomalies = joinAnomalies([...parts.map((part) => part.anomalies), this.#anomalies.list()])
    const facts = this.#facts.facts(files, anomalies, joinSnapped(parts.map((part) => part.snapped)))
    const epoch = parts.find((part) => part.epoch)?.epoch ?? null
    const capture = {
      files,
      frames: parts.at(-1)?.frames ?? 0,
      clock: epoch && new Clock(epoch, Math.max(0, ...files.map((file) => file.timestampDigits))),
    }
    return describeCapture(capture, anomalies, this.#tally, this.#reports, judgeCapture(facts), this.#idOf)
  }
}
