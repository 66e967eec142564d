/** Several captures of the same connections, taken at different places: which packets became what between them. */
import { PartAnalyzer } from './analyze.js'
import type { Compression } from './capture/capture-file.js'
import { type InputPlan, placesByPath } from './capture/input-plan.js'
import { type AnalyzerOptions, observationOptions } from './options.js'
import { DigestBudget, type DigestLimits } from './paths/digest/digest-budget.js'
import { joinPlaces } from './paths/join-places.js'
import { PlaceDigests } from './paths/place-digests.js'
import type { ComparisonReport } from './report/compare/contract.js'
import { describeComparison } from './report/compare/describe.js'
import type { DescribedPlace } from './report/compare/described-place.js'
import { FtpStreams } from './report/compare/ftp-streams.js'

export interface CompareOptions extends Omit<AnalyzerOptions, 'places' | 'content' | 'packets'> {
  /** Report on all TCP connections, not only on those of FTP sessions. */
  allConnections?: boolean
  limits?: DigestLimits
}

/** One place of a comparison: takes its captures as chunks of bytes, one file after the other. */
class ComparedPlace {
  readonly #analyzer: PartAnalyzer
  readonly digests: PlaceDigests
  readonly streams = new FtpStreams()
  readonly #placeOf: ReadonlyMap<string, number> | undefined

  constructor(digests: PlaceDigests, options: CompareOptions, plan: InputPlan | undefined) {
    this.digests = digests
    this.#placeOf = plan && placesByPath(plan)
    this.#analyzer = new PartAnalyzer({ ...options, packets: digests }, ({ report }) => {
      this.streams.add(report)
    })
  }

  openFile(path: string, compression: Compression = null): void {
    this.#analyzer.openFile(path, compression, this.#placeOf?.get(path))
  }

  /** @throws CaptureFormatError when the file is not a capture; another file may be opened then */
  push(chunk: Uint8Array): void {
    this.#analyzer.push(chunk)
  }

  /** @throws CaptureFormatError when the file was too short to be a capture */
  closeFile(failure: string | null = null): void {
    this.#analyzer.closeFile(failure)
  }

  end(): DescribedPlace[] {
    const { files, epoch } = this.#analyzer.endPart()
    this.streams.number()
    return this.digests.places(files, epoch).map((read) => ({ ...read, streams: this.streams }))
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
    const before = this.#places.reduce((sum, { digests }) => sum + digests.count, 0)
    const place = new ComparedPlace(new PlaceDigests(before, roles, this.#budget), this.#options, plan)
    this.#places.push(place)
    return place
  }

  end(): ComparisonReport {
    const described = this.#places.flatMap((place) => place.end())
    const places = described.map(({ digest }) => digest)
    const kin = described.flatMap(({ streams }, place) => streams.kin.map((each) => ({ place, ...each })))
    return describeComparison(joinPlaces(places, kin), described, this.#options)
  }
}
