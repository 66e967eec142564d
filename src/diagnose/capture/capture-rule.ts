/** Rules on the capture as a whole, not on single sessions. */
import type { CaptureFailure } from '../../capture/capture-file.js'
import type { SnappedFrames } from '../../capture/snapped-frames.js'
import type { Fact, Observation, RuleFacts } from '../rule.js'
import type { Shown } from '../words/quote.js'

/** One input file. */
export interface CaptureFileFacts {
  path: string
  /** Why the rest of the file could not be read; `null` for a complete file. */
  failure: CaptureFailure | null
  /** Bytes kept of each frame; `null` where there is no limit. */
  snapLength: number | null
  frames: number
  /** Wireshark's numbers of its first and last frame; `null` for a file without frames. */
  firstFrame: number | null
  lastFrame: number | null
}

/** What the rules on the capture judge. */
export interface CaptureFacts {
  files: readonly CaptureFileFacts[]
  snappedFrames: SnappedFrames
  /** Packets of the connections that were followed, each once, and how many of them were captured again. */
  duplicates: { packets: number; duplicates: number; firstFrame: number | null }
}

/** A rule judges one capture; one rule per file, named after its finding. */
export interface CaptureRule<F extends Fact = Fact> extends RuleFacts<F> {
  check(facts: CaptureFacts): Iterable<Observation<F>>
  /** What to change, best first. */
  remedy(fact: Shown<F>): readonly string[]
}

/** A rule whose findings have facts of one type. */
export function defineCaptureRule<F extends Fact>(rule: CaptureRule<F>): CaptureRule<F> {
  return rule
}
