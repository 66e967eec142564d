import type { FileFrame } from '../../capture/frame-finder.js'
import type { InputFiles } from '../../capture/input-files.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { SegmentLog } from '../../paths/digest/segment-log.js'
import type { Fate, Path } from '../../paths/model.js'
import type { Session } from '../model.js'
import type { LastPassed } from './last-passed.js'
import type { ConnectionPath, PathPacket, SessionPath, SessionPlace } from '../session-path.js'

/** The connections of a path. */
type Connections = Pick<SessionPath, 'control' | 'data' | 'strays' | 'continued'>

/** What the paths of an input share. */
export interface JoinedInput extends Pick<SessionPath, 'emptyPlaces'> {
  files: InputFiles
  lastPassed: LastPassed
}

/** One session as several places saw it, with its packets by frame. */
export class JoinedPath implements SessionPath {
  readonly id: number
  readonly places: readonly SessionPlace[]
  readonly control: ConnectionPath
  readonly data: readonly ConnectionPath[]
  readonly strays: readonly Observation[]
  readonly continued: readonly Session[]
  readonly emptyPlaces: readonly string[]
  readonly #files: InputFiles
  readonly #lastPassed: LastPassed
  /** By connection: the fates of each packet, by its frame. Made when they are first asked for. */
  readonly #fates = new Map<Path, Map<number, Fate[]>>()

  constructor(
    id: number,
    places: readonly SessionPlace[],
    { control, data, strays, continued }: Connections,
    { files, lastPassed, emptyPlaces }: JoinedInput,
  ) {
    this.id = id
    this.places = places
    this.control = control
    this.data = data
    this.strays = strays
    this.continued = continued
    this.emptyPlaces = emptyPlaces
    this.#files = files
    this.#lastPassed = lastPassed
  }

  packet(frame: number): PathPacket | null {
    for (const connection of [this.control, ...this.data]) {
      for (const [at, { log }] of connection.path.observations.entries()) {
        const row = rowOf(log, frame)
        if (row >= 0) return { connection, at, row }
      }
    }
    return null
  }

  fatesOf({ connection: { path }, at, row }: PathPacket): readonly Fate[] {
    if (path.fates.length === 0) return NO_FATES
    let byFrame = this.#fates.get(path)
    if (!byFrame) this.#fates.set(path, (byFrame = fatesByFrame(path)))
    return byFrame.get(path.observations[at]!.log.frame(row)) ?? NO_FATES
  }

  passedAfter(time: number, place: number, other: number): boolean {
    return this.#lastPassed.between(place, other) > time
  }

  file(frame: number): FileFrame {
    return this.#files.find(frame)
  }
}

const NO_FATES: readonly Fate[] = []

/** Row of a frame, -1 if it is not of this connection: frames of a log are in order. */
function rowOf(log: SegmentLog, frame: number): number {
  let [from, to] = [0, log.size]
  while (from < to) {
    const middle = (from + to) >> 1
    if (log.frame(middle) < frame) from = middle + 1
    else to = middle
  }
  return from < log.size && log.frame(from) === frame ? from : -1
}

/** A packet that another place has as well has its fate at both. */
function fatesByFrame({ observations, fates }: Path): Map<number, Fate[]> {
  const byFrame = new Map<number, Fate[]>()
  const note = (frame: number, fate: Fate): void => {
    const known = byFrame.get(frame)
    if (known) known.push(fate)
    else byFrame.set(frame, [fate])
  }
  for (const fate of fates) {
    note(observations[fate.at]!.log.frame(fate.row), fate)
    if (fate.there >= 0 && fate.next >= 0) note(observations[fate.next]!.log.frame(fate.there), fate)
  }
  return byFrame
}
