import { AnomalyLog } from '../bytes/anomaly.js'
import type { CaptureFile, Compression } from '../capture/capture-file.js'
import type { Frame, FrameSink } from '../capture/frame.js'
import { CaptureReader } from '../capture/reader.js'
import type { Epoch } from '../capture/time.js'
import type { PortRoles } from '../tcp/initiator.js'
import { PacketDecoder } from '../wire/decode.js'
import type { PacketKind } from '../wire/packet.js'
import type { DigestBudget } from './digest/digest-budget.js'
import { PlaceDigest } from './digest/place-digest.js'

/** A place of capture with its files; their frames are numbered in one series over all files of the reader. */
export interface ReadPlace {
  digest: PlaceDigest
  files: readonly CaptureFile[]
  /** Frames before each file. */
  framesBefore: readonly number[]
  /** Exact time 0 of its clock; `null` without frames. */
  epoch: Epoch | null
}

/** Reads the captures of a place: files that follow each other. A file that was captured elsewhere begins another. */
export class PlaceReader implements FrameSink {
  readonly #roles: PortRoles
  readonly #budget: DigestBudget
  readonly #anomalies = new AnomalyLog()
  readonly #reader = new CaptureReader(this, this.#anomalies)
  readonly #digests: PlaceDigest[] = []
  /** Index of the first file of each place. */
  readonly #firstFiles: number[] = []
  #decoder = new PacketDecoder(this.#anomalies)

  /** `firstPlace` is the number of its first place among those of all readers. */
  constructor(firstPlace: number, roles: PortRoles, budget: DigestBudget) {
    this.#roles = roles
    this.#budget = budget
    this.#begin(firstPlace, 0, 0)
  }

  openFile(path: string, compression: Compression = null, place?: number): void {
    this.#reader.openFile(path, compression, place)
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk)
  }

  closeFile(failure: string | null = null): void {
    this.#reader.closeFile(failure)
  }

  frame(frame: Frame): void {
    const kind: PacketKind = this.#decoder.decode(frame)
    this.#digests.at(-1)!.packet(kind, this.#decoder.packet)
  }

  newObservationPoint(): void {
    const before = this.#digests.at(-1)!
    this.#decoder = new PacketDecoder(this.#anomalies)
    this.#begin(before.place + 1, this.#reader.files.length - 1, before.streams)
  }

  #begin(place: number, firstFile: number, firstStream: number): void {
    this.#digests.push(new PlaceDigest(place, this.#roles, this.#budget, firstStream))
    this.#firstFiles.push(firstFile)
  }

  /** What was read, place by place. */
  get places(): ReadPlace[] {
    const { files, epoch } = this.#reader
    const framesBefore: number[] = []
    let frames = 0
    for (const file of files) {
      framesBefore.push(frames)
      frames += file.frames
    }
    return this.#digests.map((digest, at) => {
      const [from, to] = [this.#firstFiles[at], this.#firstFiles[at + 1]]
      return { digest, epoch, files: files.slice(from, to), framesBefore: framesBefore.slice(from, to) }
    })
  }
}
