/** Several captures of the same connections, taken at different places: which packets became what between them. */
import { Analyzer } from './analyze.js'
import type { Compression } from './capture/capture-file.js'
import { type InputPlan, placesByPath } from './capture/input-plan.js'
import { type AnalyzeOptions, observationOptions } from './options.js'
import { DigestBudget, type DigestLimits } from './paths/digest/digest-budget.js'
import { joinPlaces } from './paths/join-places.js'
import { PlaceReader } from './paths/place-reader.js'
import type { ComparisonReport } from './report/compare/contract.js'
import { describeComparison } from './report/compare/describe.js'
import type { DescribedPlace } from './report/compare/described-place.js'
import { FtpStreams } from './report/compare/ftp-streams.js'

export interface CompareOptions extends AnalyzeOptions {
  /** Report on all TCP connections, not only on those of FTP sessions. */
  allConnections?: boolean
  limits?: DigestLimits
}

/** One place of a comparison: takes its captures as chunks of bytes, one file after the other. */
class ComparedPlace {
  readonly #analyzer: Analyzer
  readonly reader: PlaceReader
  readonly streams = new FtpStreams()
  readonly #placeOf: ReadonlyMap<string, number> | undefined

  constructor(reader: PlaceReader, options: AnalyzeOptions, plan: InputPlan | undefined) {
    this.reader = reader
    this.#placeOf = plan && placesByPath(plan)
    this.#analyzer = new Analyzer(options, {
      session: (session) => {
        this.streams.add(session)
      },
    })
  }

  openFile(path: string, compression: Compression = null): void {
    const place = this.#placeOf?.get(path)
    this.#analyzer.openFile(path, compression, place)
    this.reader.openFile(path, compression, place)
  }

  /** @throws CaptureFormatError when the file is not a capture; another file may be opened then */
  push(chunk: Uint8Array): void {
    this.reader.push(chunk)
    this.#analyzer.push(chunk)
  }

  /** @throws CaptureFormatError when the file was too short to be a capture */
  closeFile(failure: string | null = null): void {
    this.reader.closeFile(failure)
    this.#analyzer.closeFile(failure)
  }

  end(): void {
    this.#analyzer.end()
    this.streams.number()
  }
}

/** Takes the captures of each place, in any order, and returns what became of the packets between the places. */
export class Comparison {
  readonly #options: CompareOptions
  readonly #budget: DigestBudget
  readonly #places: ComparedPlace[] = []

  constructor(options: CompareOptions = {}) {
    this.#options = options
    this.#budget = new DigestBudget(options.limits)
  }

  /**
   * The next place; those before it must have been read. Its files may be of several places: by the plan, or
   * without one if they overlap in time.
   */
  place(plan?: InputPlan): Pick<ComparedPlace, 'openFile' | 'push' | 'closeFile'> {
    const roles = observationOptions(this.#options).connections
    const before = this.#places.reduce((sum, { reader }) => sum + reader.places.length, 0)
    const place = new ComparedPlace(new PlaceReader(before, roles, this.#budget), this.#options, plan)
    this.#places.push(place)
    return place
  }

  end(): ComparisonReport {
    const described = this.#places.flatMap((place) => {
      place.end()
      return place.reader.places.map((read): DescribedPlace => ({ ...read, streams: place.streams }))
    })
    const places = described.map(({ digest }) => digest)
    const kin = described.flatMap(({ streams }, place) => streams.kin.map((each) => ({ place, ...each })))
    return describeComparison(joinPlaces(places, kin), described, this.#options)
  }
}
