import type { CaptureFile } from '../capture/capture-file.js'
import type { Epoch } from '../capture/time.js'
import type { PortRoles } from '../tcp/initiator.js'
import type { Packet, PacketKind } from '../wire/packet.js'
import type { DigestBudget } from './digest/digest-budget.js'
import { PlaceDigest } from './digest/place-digest.js'

/** A place of capture with its files; their frames are numbered in one series over all files that were read with it. */
export interface ReadPlace {
  digest: PlaceDigest
  files: readonly CaptureFile[]
  /** Frames before each file. */
  framesBefore: readonly number[]
  /** Exact time 0 of its clock; `null` without frames. */
  epoch: Epoch | null
}

/** Takes the packets of the captures that one analyzer reads, one place after the other. */
export class PlaceDigests {
  readonly #roles: PortRoles
  readonly #budget: DigestBudget
  readonly #digests: PlaceDigest[] = []
  /** Index of the first file of each place. */
  readonly #firstFiles: number[] = []

  /** `firstPlace` is the number of the first place among those of all analyzers. */
  constructor(firstPlace: number, roles: PortRoles, budget: DigestBudget) {
    this.#roles = roles
    this.#budget = budget
    this.#begin(firstPlace, 0, 0)
  }

  packet(kind: PacketKind, packet: Packet): void {
    this.#digests.at(-1)!.packet(kind, packet)
  }

  /** The file at that index begins another place. */
  beginPlace(firstFile: number): void {
    const before = this.#digests.at(-1)!
    this.#begin(before.place + 1, firstFile, before.streams)
  }

  #begin(place: number, firstFile: number, firstStream: number): void {
    this.#digests.push(new PlaceDigest(place, this.#roles, this.#budget, firstStream))
    this.#firstFiles.push(firstFile)
  }

  /** Number of places so far. */
  get count(): number {
    return this.#digests.length
  }

  /** What was read, place by place; `files` are all of the analyzer. */
  places(files: readonly CaptureFile[], epoch: Epoch | null): ReadPlace[] {
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
